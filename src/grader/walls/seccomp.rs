//! System calls: a list of those that are let through, and of some only with harmless arguments. To all others the kernel
//! says that it does not know them, so libraries that try a newer call first go on with an older one.
//!
//! A test may have threads, but no processes: so a flood of forks, an orphan in another session and a grandchild that
//! holds a pipe cannot even begin.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter,
};

use super::rights::Walls;
use super::system_calls;

use SeccompCmpArgLen::{Dword, Qword};
use SeccompCmpOp::{Eq, MaskedEq};

/// Conditions on the arguments of a call, all of which must hold.
type Conditions = Vec<(u8, SeccompCmpArgLen, SeccompCmpOp, u64)>;

/// The part of a socket's type that is not a flag.
const KINDS: u64 = 0xf;

/// What the kernel is told, ready to be.
pub(super) struct Filter(BpfProgram);

impl Filter {
    /// Lets through what `walls` allows. Where there may be no children, a program can be executed once: by this process, which
    /// has its path at that address, which is anew a matter of chance each time, and is gone after that.
    pub(super) fn new(walls: &Walls, program: Option<u64>) -> Result<Self, String> {
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
            system_calls::always(walls.children).map(|call| (call, Vec::new())).collect();
        for (call, conditions) in with_conditions(walls, program) {
            let conditions = conditions
                .into_iter()
                .map(|(index, length, operator, value)| SeccompCondition::new(index, length, operator, value))
                .collect::<Result<Vec<_>, _>>();
            let rule = conditions.and_then(SeccompRule::new).map_err(fail)?;
            rules.entry(call).or_default().push(rule);
        }
        let architecture = std::env::consts::ARCH.try_into().map_err(fail)?;
        let unknown = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
        let filter = SeccompFilter::new(rules, unknown, SeccompAction::Allow, architecture).map_err(fail)?;
        filter.try_into().map(Self).map_err(fail)
    }

    /// Puts it around this process. Says what it is.
    pub(super) fn apply(self) -> Result<String, String> {
        apply_filter(&self.0).map_err(fail)?;
        Ok("seccomp, a list of what is allowed".to_owned())
    }
}

fn fail(error: impl std::fmt::Display) -> String {
    format!("a system call filter cannot be made: {error}")
}

fn with_conditions(walls: &Walls, program: Option<u64>) -> Vec<(i64, Conditions)> {
    let mut allowed: Vec<(i64, Conditions)> = Vec::new();
    // Terminals and devices are for others.
    for request in
        [libc::FIONREAD, libc::FIONBIO, libc::FIOCLEX, libc::FIONCLEX, libc::TCGETS, libc::TIOCGWINSZ]
    {
        #[allow(clippy::unnecessary_cast, reason = "its type differs between C libraries")]
        allowed.push((libc::SYS_ioctl, vec![(1, Dword, Eq, request as u64)]));
    }
    // A thread has a name, and the C library names its memory. The signal at the end of the parent stays as it is.
    for option in [libc::PR_SET_NAME, libc::PR_GET_NAME, libc::PR_SET_VMA] {
        allowed.push((libc::SYS_prctl, vec![(0, Dword, Eq, u64::from(option.unsigned_abs()))]));
    }
    // Limits of this process, which can only become stricter.
    allowed.push((libc::SYS_prlimit64, vec![(0, Dword, Eq, 0)]));
    allowed.push((libc::SYS_socketpair, vec![(0, Dword, Eq, unsigned(libc::AF_UNIX))]));
    if walls.loopback {
        // Unix sockets go by paths, and before Linux 6.18 no rule about files applies to connecting.
        // TCP and UDP alone: the kernel would load the code of a rarer protocol on demand.
        for family in [libc::AF_INET, libc::AF_INET6] {
            for (kind, protocol) in
                [(libc::SOCK_STREAM, libc::IPPROTO_TCP), (libc::SOCK_DGRAM, libc::IPPROTO_UDP)]
            {
                for protocol in [0, unsigned(protocol)] {
                    let kind = (1, Dword, MaskedEq(KINDS), unsigned(kind));
                    allowed.push((
                        libc::SYS_socket,
                        vec![(0, Dword, Eq, unsigned(family)), kind, (2, Dword, Eq, protocol)],
                    ));
                }
            }
        }
    }
    // Descriptors are copied, described and locked, but send no signals.
    for command in [
        libc::F_DUPFD,
        libc::F_DUPFD_CLOEXEC,
        libc::F_GETFD,
        libc::F_SETFD,
        libc::F_GETFL,
        libc::F_SETFL,
        libc::F_GETLK,
        libc::F_SETLK,
        libc::F_SETLKW,
        libc::F_OFD_GETLK,
        libc::F_OFD_SETLK,
        libc::F_OFD_SETLKW,
        libc::F_GETPIPE_SZ,
        libc::F_SETPIPE_SZ,
    ] {
        allowed.push((libc::SYS_fcntl, vec![(1, Dword, Eq, unsigned(command))]));
    }
    if walls.children {
        // Modes, but no set-user-ID, set-group-ID or sticky bit.
        for (call, mode) in modes() {
            allowed.push((call, vec![(mode, Dword, MaskedEq(0o7000), 0)]));
        }
        return allowed;
    }
    let thread = unsigned(libc::CLONE_THREAD);
    allowed.push((libc::SYS_clone, vec![(0, Qword, MaskedEq(thread), thread)]));
    if let Some(program) = program {
        allowed.push((libc::SYS_execve, vec![(0, Qword, Eq, program)]));
    }
    // Memory is executable only where a file is, and cannot be written there: code that was not there cannot be made.
    let (execute, anonymous) = (unsigned(libc::PROT_EXEC), unsigned(libc::MAP_ANONYMOUS));
    let both = execute | unsigned(libc::PROT_WRITE);
    allowed.push((libc::SYS_mprotect, vec![(2, Dword, MaskedEq(execute), 0)]));
    allowed.push((libc::SYS_mmap, vec![(2, Dword, MaskedEq(execute), 0)]));
    allowed.push((
        libc::SYS_mmap,
        vec![(2, Dword, MaskedEq(both), execute), (3, Dword, MaskedEq(anonymous), 0)],
    ));
    allowed
}

/// Calls that set a mode, with the place of it among their arguments.
fn modes() -> Vec<(i64, u8)> {
    let mut calls = vec![(libc::SYS_fchmod, 1), (libc::SYS_fchmodat, 2), (libc::SYS_fchmodat2, 2)];
    #[cfg(target_arch = "x86_64")]
    calls.push((libc::SYS_chmod, 1));
    calls
}

fn unsigned(value: i32) -> u64 {
    u64::from(value.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::*;

    /// Whether a test may make this call with these arguments.
    fn allows(call: i64, args: [i32; 4]) -> bool {
        let walls = Walls {
            folder: "/".into(),
            read: Vec::new(),
            write: Vec::new(),
            execute: Vec::new(),
            scratch: "/".into(),
            links: Vec::new(),
            copies: Vec::new(),
            loopback: true,
            children: false,
            limits: Limits::test(10),
        };
        let holds = |(index, _, operator, value): &(u8, _, _, u64)| {
            let given = unsigned(args[usize::from(*index)]);
            match operator {
                Eq => given == *value,
                MaskedEq(mask) => given & mask == *value,
                other => panic!("no rule has {other:?}"),
            }
        };
        let rules = with_conditions(&walls, None);
        rules.iter().any(|(known, conditions)| *known == call && conditions.iter().all(holds))
    }

    #[test]
    fn no_memory_is_executable_that_could_be_written() {
        let map = |protection, flags| allows(libc::SYS_mmap, [0, 4096, protection, flags]);
        let (read, write, execute) = (libc::PROT_READ, libc::PROT_WRITE, libc::PROT_EXEC);
        assert!(map(read | write, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS));
        assert!(map(read | execute, libc::MAP_PRIVATE));
        assert!(!map(read | execute, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS));
        assert!(!map(read | write | execute, libc::MAP_PRIVATE));
        assert!(!map(write | execute, libc::MAP_PRIVATE));
        assert!(!allows(libc::SYS_mprotect, [0, 4096, read | execute, 0]));
    }

    #[test]
    fn sockets_are_of_tcp_and_udp_alone() {
        let open = |family, kind, protocol| allows(libc::SYS_socket, [family, kind, protocol, 0]);
        for family in [libc::AF_INET, libc::AF_INET6] {
            assert!(open(family, libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK, 0));
            assert!(open(family, libc::SOCK_STREAM, libc::IPPROTO_TCP));
            assert!(open(family, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, libc::IPPROTO_UDP));
            assert!(!open(family, libc::SOCK_DGRAM, libc::IPPROTO_ICMP));
            assert!(!open(family, libc::SOCK_STREAM, libc::IPPROTO_SCTP));
            assert!(!open(family, libc::SOCK_STREAM, libc::IPPROTO_MPTCP));
            assert!(!open(family, libc::SOCK_SEQPACKET, 0));
            assert!(!open(family, libc::SOCK_RAW, 0));
        }
        assert!(!open(libc::AF_UNIX, libc::SOCK_STREAM, 0));
        assert!(!open(libc::AF_NETLINK, libc::SOCK_RAW, 0));
    }
}
