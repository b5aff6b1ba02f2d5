//! fails: mutant_only_the_first_opens
//! says: gates of their own passed

mod gate {
    use std::pin::Pin;
    use std::sync::{Arc, Mutex};
    use std::task::{Context, Poll, Waker};

    /// Is closed at first. Once it is open, it stays open. Clones are the same gate.
    #[derive(Clone, Default)]
    pub struct Gate {
        shared: Arc<Mutex<Shared>>,
    }

    #[derive(Default)]
    struct Shared {
        open: bool,
        waits: usize,
        waiting: Vec<(usize, Waker)>,
    }

    impl Gate {
        /// Opens the gate, and wakes every task that waits at it, once or more often. Nothing else wakes a task.
        pub fn open(&self) {
            let waiting = {
                let mut shared = self.shared.lock().unwrap();
                shared.open = true;
                std::mem::take(&mut shared.waiting)
            };
            waiting.into_iter().for_each(|(_, waker)| waker.wake());
        }

        pub fn wait(&self) -> Wait {
            let mut shared = self.shared.lock().unwrap();
            shared.waits += 1;
            Wait { gate: self.clone(), id: shared.waits }
        }
    }

    /// Is `Ready` when it is polled while the gate is open, and `Pending` otherwise. It may be polled by one task
    /// after the other: the one that polled it last is woken. When it is dropped, nothing changes for other waits.
    pub struct Wait {
        gate: Gate,
        id: usize,
    }

    impl Future for Wait {
        type Output = ();

        fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            let mut shared = self.gate.shared.lock().unwrap();
            if shared.open {
                return Poll::Ready(());
            }
            shared.waiting.retain(|(id, _)| *id != self.id);
            shared.waiting.push((self.id, context.waker().clone()));
            Poll::Pending
        }
    }

    impl Drop for Wait {
        fn drop(&mut self) {
            self.gate.shared.lock().unwrap().waiting.retain(|(id, _)| *id != self.id);
        }
    }
}

#[tokio::main]
async fn main() {
    let gate = gate::Gate::default();
    let request = tokio::spawn(gate.wait());
    println!("the cache is warm");
    gate.open();
    request.await.unwrap();
    println!("the request goes on");
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Wake, Waker};

    use super::gate::Gate;

    #[derive(Default)]
    struct Wakes(AtomicUsize);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    impl Wakes {
        fn new() -> (Arc<Self>, Waker) {
            let wakes = Arc::new(Self::default());
            (Arc::clone(&wakes), Waker::from(wakes))
        }

        fn count(&self) -> usize {
            self.0.load(Ordering::SeqCst)
        }
    }

    fn poll(future: std::pin::Pin<&mut impl Future<Output = ()>>, waker: &Waker) -> Poll<()> {
        future.poll(&mut Context::from_waker(waker))
    }

    #[test]
    fn one_wait_step_by_step() {
        let gate = Gate::default();
        let (wakes, waker) = Wakes::new();
        let mut wait = pin!(gate.wait());
        for _ in 0..3 {
            assert!(poll(wait.as_mut(), &waker).is_pending());
            assert_eq!(wakes.count(), 0, "woken before the gate is open");
        }
        gate.open();
        assert!(wakes.count() >= 1, "not woken");
        assert!(poll(wait.as_mut(), &waker).is_ready());
    }

    #[test]
    fn every_wait_is_woken() {
        let gate = Gate::default();
        let mut waits: Vec<_> = (0..3).map(|_| (Box::pin(gate.wait()), Wakes::new())).collect();
        for (wait, (_, waker)) in &mut waits {
            assert!(poll(wait.as_mut(), waker).is_pending());
        }
        gate.open();
        for (wait, (wakes, waker)) in &mut waits {
            assert!(wakes.count() >= 1);
            assert!(poll(wait.as_mut(), waker).is_ready());
        }
    }

    #[test]
    fn the_task_that_polled_last_is_woken() {
        let gate = Gate::default();
        let ((_, first), (wakes, second)) = (Wakes::new(), Wakes::new());
        let mut wait = pin!(gate.wait());
        assert!(poll(wait.as_mut(), &first).is_pending());
        assert!(poll(wait.as_mut(), &second).is_pending());
        gate.open();
        assert!(wakes.count() >= 1);
    }

    #[test]
    fn a_wait_that_is_dropped_takes_nobody_along() {
        let gate = Gate::default();
        let ((_, gone), (wakes, waker)) = (Wakes::new(), Wakes::new());
        let mut dropped = Box::pin(gate.wait());
        let mut wait = pin!(gate.wait());
        assert!(poll(dropped.as_mut(), &gone).is_pending());
        assert!(poll(wait.as_mut(), &waker).is_pending());
        drop(dropped);
        gate.open();
        assert!(wakes.count() >= 1);
        assert!(poll(wait.as_mut(), &waker).is_ready());
    }

    #[test]
    fn an_open_gate_stays_open() {
        let gate = Gate::default();
        let early = gate.wait();
        gate.open();
        for wait in [early, gate.wait(), gate.wait()] {
            assert!(poll(pin!(wait), Waker::noop()).is_ready());
        }
    }
}
