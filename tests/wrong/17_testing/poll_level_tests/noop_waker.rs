//! fails: mutant_wakes_itself
//! says: tests. Such a wait keeps a core busy until the gate opens. How often may a waker have been called
//!
//! Misses every wake: it polls with the waker that does nothing.

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
    use std::task::{Context, Waker};

    use super::gate::Gate;

    #[test]
    fn closed_then_open() {
        let gate = Gate::default();
        let mut cx = Context::from_waker(Waker::noop());
        let mut wait = pin!(gate.wait());
        assert!(wait.as_mut().poll(&mut cx).is_pending());
        assert!(wait.as_mut().poll(&mut cx).is_pending());
        gate.open();
        assert!(wait.as_mut().poll(&mut cx).is_ready());
        assert!(pin!(gate.wait()).poll(&mut cx).is_ready());
    }

    #[test]
    fn clones_are_the_same_gate() {
        let gate = Gate::default();
        let clone = gate.clone();
        let mut cx = Context::from_waker(Waker::noop());
        let mut wait = pin!(clone.wait());
        assert!(wait.as_mut().poll(&mut cx).is_pending());
        gate.open();
        assert!(wait.as_mut().poll(&mut cx).is_ready());
        clone.open();
        assert!(pin!(gate.wait()).poll(&mut cx).is_ready());
    }

    #[tokio::test]
    async fn tasks_go_on() {
        let gate = Gate::default();
        let a = tokio::spawn(gate.wait());
        let b = tokio::spawn(gate.wait());
        tokio::task::yield_now().await;
        assert!(!a.is_finished() && !b.is_finished());
        gate.open();
        a.await.unwrap();
        b.await.unwrap();
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
