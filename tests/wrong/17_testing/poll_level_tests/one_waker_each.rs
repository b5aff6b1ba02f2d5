//! fails: mutant_ready_in_the_second_poll
//! says: A gate that lets everybody pass in the second poll, although it is closed, passed both of your
//!
//! Misses a wait that moves to another task, and the drop of a wait.

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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Wake, Waker};

    use super::gate::Gate;

    #[derive(Default)]
    struct Counter(AtomicUsize);

    impl Wake for Counter {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn two_tasks_wait() {
        let gate = Gate::default();
        let counts = [Arc::new(Counter::default()), Arc::new(Counter::default())];
        let wakers = counts.clone().map(Waker::from);
        let mut waits = [Box::pin(gate.wait()), Box::pin(gate.wait())];
        for (wait, waker) in waits.iter_mut().zip(&wakers) {
            assert!(wait.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
        }
        for count in &counts {
            assert_eq!(count.0.load(Ordering::SeqCst), 0);
        }
        gate.clone().open();
        for count in &counts {
            assert!(count.0.load(Ordering::SeqCst) >= 1);
        }
        for (wait, waker) in waits.iter_mut().zip(&wakers) {
            assert!(wait.as_mut().poll(&mut Context::from_waker(waker)).is_ready());
        }
    }

    #[test]
    fn it_stays_open() {
        let gate = Gate::default();
        gate.open();
        gate.open();
        for _ in 0..2 {
            let mut wait = Box::pin(gate.wait());
            assert!(wait.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
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
