//! fails: right_wakes_twice
//! says: Your test `pending_then_woken_then_ready` fails on a correct implementation. It wakes every task
//!
//! Over-specifies the number of wakes: exactly one, though the documentation allows more.

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
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Wake, Waker};

    use super::gate::Gate;

    struct Counter(AtomicUsize);

    impl Wake for Counter {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn counter() -> (Arc<Counter>, Waker) {
        let counter = Arc::new(Counter(AtomicUsize::new(0)));
        (counter.clone(), counter.into())
    }

    #[test]
    fn pending_then_woken_then_ready() {
        let gate = Gate::default();
        let (count, waker) = counter();
        let mut cx = Context::from_waker(&waker);
        let mut wait = pin!(gate.wait());
        assert_eq!(wait.as_mut().poll(&mut cx), Poll::Pending);
        assert_eq!(wait.as_mut().poll(&mut cx), Poll::Pending);
        assert_eq!(count.0.load(Ordering::Relaxed), 0);
        gate.clone().open();
        assert_eq!(count.0.load(Ordering::Relaxed), 1);
        assert_eq!(wait.as_mut().poll(&mut cx), Poll::Ready(()));
    }

    #[test]
    fn the_last_waker_and_all_waits() {
        let gate = Gate::default();
        let (old, old_waker) = counter();
        let (new, new_waker) = counter();
        let (other, other_waker) = counter();
        let mut a = pin!(gate.wait());
        let mut b = pin!(gate.wait());
        let mut c = Box::pin(gate.wait());
        assert!(a.as_mut().poll(&mut Context::from_waker(&old_waker)).is_pending());
        assert!(a.as_mut().poll(&mut Context::from_waker(&new_waker)).is_pending());
        assert!(c.as_mut().poll(&mut Context::from_waker(&old_waker)).is_pending());
        assert!(b.as_mut().poll(&mut Context::from_waker(&other_waker)).is_pending());
        drop(c);
        gate.open();
        assert_eq!(old.0.load(Ordering::Relaxed), 0);
        assert_eq!(new.0.load(Ordering::Relaxed), 1);
        assert_eq!(other.0.load(Ordering::Relaxed), 1);
        gate.open();
        assert!(a.as_mut().poll(&mut Context::from_waker(&new_waker)).is_ready());
        assert!(b.as_mut().poll(&mut Context::from_waker(&other_waker)).is_ready());
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
