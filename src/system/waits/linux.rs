//! What a sleeping thread waits for, as `/proc` tells it: the number of its system call, and the arguments.

use std::fs;
use std::path::Path;

use super::Alarm;

/// A sleep that ends later than this does not end while anybody watches a test.
const NEVER: i64 = 60_000;

/// Whether the clock will wake the sleeping thread in that folder of `/proc`.
pub(crate) fn alarm_of(thread: &Path) -> Alarm {
    // Where tracing is restricted, this can be out of reach.
    fs::read_to_string(thread.join("syscall")).map_or(Alarm::Unknown, |call| alarm_in(&call))
}

fn alarm_in(call: &str) -> Alarm {
    let mut words = call.split_whitespace();
    let Some(Ok(number)) = words.next().map(str::parse::<i64>) else { return Alarm::Unknown };
    let arguments: Vec<u64> =
        words.map_while(|word| u64::from_str_radix(word.strip_prefix("0x")?, 16).ok()).collect();
    let argument = |at: usize| arguments.get(at).copied().unwrap_or_default();
    // An address of a time, or none for a wait without end.
    let at_address = |at: usize| if argument(at) == 0 { Alarm::None } else { Alarm::Set };
    // A number of milliseconds, below 0 for a wait without end.
    let milliseconds = |at: usize| {
        let low = u32::try_from(argument(at) & 0xffff_ffff).expect("the upper half is cut off");
        let time = i64::from(low.cast_signed());
        if (0..NEVER).contains(&time) { Alarm::Set } else { Alarm::None }
    };
    match number {
        libc::SYS_nanosleep | libc::SYS_clock_nanosleep => Alarm::Set,
        // A sleep or a wait that goes on after a signal.
        libc::SYS_restart_syscall => Alarm::Set,
        libc::SYS_futex => at_address(3),
        libc::SYS_epoll_pwait => milliseconds(3),
        libc::SYS_epoll_pwait2 => at_address(3),
        libc::SYS_ppoll => at_address(2),
        libc::SYS_pselect6 => at_address(4),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_epoll_wait => milliseconds(3),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => milliseconds(2),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_select => at_address(4),
        _ => Alarm::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_wake_up_at_is_seen_in_the_arguments() {
        let futex =
            |timeout| format!("{} 0x7f00 0x189 0x2 {timeout} 0x0 0xffffffff 0x7ffd 0x7f1f", libc::SYS_futex);
        assert_eq!(alarm_in(&futex("0x0")), Alarm::None);
        assert_eq!(alarm_in(&futex("0x7ffd74896685")), Alarm::Set);
        let epoll = |timeout| format!("{} 0x3 0x7f00 0x400 {timeout} 0x0 0x8", libc::SYS_epoll_pwait);
        assert_eq!(alarm_in(&epoll("0xffffffff")), Alarm::None);
        assert_eq!(alarm_in(&epoll("0xffffffffffffffff")), Alarm::None);
        assert_eq!(alarm_in(&epoll("0x0")), Alarm::Set);
        assert_eq!(alarm_in(&epoll("0x1f4")), Alarm::Set);
        // An hour.
        assert_eq!(alarm_in(&epoll("0x36ee80")), Alarm::None);
        let sleep = format!("{} 0x0 0x0 0x7ffd 0x7ffd", libc::SYS_clock_nanosleep);
        assert_eq!(alarm_in(&sleep), Alarm::Set);
    }

    #[test]
    fn a_thread_that_runs_or_is_hidden_tells_nothing() {
        assert_eq!(alarm_in("running\n"), Alarm::Unknown);
        assert_eq!(alarm_in(""), Alarm::Unknown);
        // Blocked outside of a system call.
        assert_eq!(alarm_in("-1 0x7ffd 0x7f1f\n"), Alarm::None);
        assert_eq!(alarm_of(Path::new("/proc/no/such")), Alarm::Unknown);
    }

    #[expect(clippy::disallowed_methods, reason = "the thread that is looked at is none of Tokio's")]
    #[test]
    fn threads_of_this_process_are_seen() {
        use std::sync::mpsc;
        use std::time::Duration;
        let (tell, told) = mpsc::channel();
        let (end, ends) = mpsc::channel::<()>();
        let waits = std::thread::spawn(move || {
            tell.send(rustix::thread::gettid().as_raw_nonzero()).unwrap();
            let _ = ends.recv();
            tell.send(rustix::thread::gettid().as_raw_nonzero()).unwrap();
            let _ = ends.recv_timeout(Duration::from_secs(30));
        });
        let folder = || {
            let id = told.recv().unwrap();
            Path::new("/proc/thread-self").parent().unwrap().join("self/task").join(id.to_string())
        };
        let seen = |thread: &Path, alarm| {
            // It may not have lain down yet.
            (0..1000).any(|_| {
                std::thread::sleep(Duration::from_millis(1));
                let now = alarm_of(thread);
                now == alarm
            })
        };
        let thread = folder();
        // A kernel that shows no system calls has nothing to be tested.
        if alarm_of(&thread) == Alarm::Unknown && !thread.join("syscall").exists() {
            return;
        }
        assert!(seen(&thread, Alarm::None));
        end.send(()).unwrap();
        assert!(seen(&folder(), Alarm::Set));
        end.send(()).unwrap();
        waits.join().unwrap();
    }
}
