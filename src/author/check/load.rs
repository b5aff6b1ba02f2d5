//! Every core kept busy, so that a test that only passes on an idle machine shows itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// As long as this lives, one thread a core does nothing but compete, with the same priority as everybody else.
pub(super) struct Load {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    pub(super) fn start() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let stop = Arc::new(AtomicBool::new(false));
        let threads = (0..cores).filter_map(|_| {
            let stop = Arc::clone(&stop);
            let spin = move || {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            };
            // A machine that has no thread to spare is busy enough.
            std::thread::Builder::new().name("load".to_owned()).spawn(spin).ok()
        });
        Self { threads: threads.collect(), stop }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // It cannot panic, and nothing depends on how it ended.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_os = "linux")]
    #[test]
    fn the_load_uses_the_processor_and_ends_with_its_owner() {
        let ticks = || {
            let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
            let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
            fields[11].parse::<u64>().unwrap()
        };
        let before = ticks();
        let load = super::Load::start();
        let start = std::time::Instant::now();
        // Ten ticks are a tenth of a second of one core; other processes may want theirs as well.
        while ticks() < before + 10 && start.elapsed() < std::time::Duration::from_secs(30) {
            std::thread::yield_now();
        }
        assert!(ticks() >= before + 10);
        drop(load);
    }
}
