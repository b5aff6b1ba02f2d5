//! Tests for `Gate` and `Wait`.

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
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::task::{Context, Wake, Waker};

    use super::gate::{Gate, Wait};

    struct Tell(Sender<&'static str>, &'static str);

    impl Wake for Tell {
        fn wake(self: Arc<Self>) {
            let _ = self.0.send(self.1);
        }
    }

    /// Tells which tasks were woken.
    struct Tasks(Sender<&'static str>, Receiver<&'static str>);

    impl Tasks {
        fn new() -> Self {
            let (sender, receiver) = channel();
            Self(sender, receiver)
        }

        fn poll(&self, task: &'static str, wait: &mut Pin<Box<Wait>>) -> bool {
            let waker = Waker::from(Arc::new(Tell(self.0.clone(), task)));
            wait.as_mut().poll(&mut Context::from_waker(&waker)).is_ready()
        }

        fn woken(&self) -> Vec<&'static str> {
            let mut woken: Vec<_> = self.1.try_iter().collect();
            woken.sort_unstable();
            woken.dedup();
            woken
        }
    }

    #[test]
    fn the_whole_life_of_a_gate() {
        let (gate, tasks) = (Gate::default(), Tasks::new());
        let [mut a, mut b, mut c] = std::array::from_fn(|_| Box::pin(gate.clone().wait()));
        for _ in 0..2 {
            assert!(!tasks.poll("a", &mut a) && !tasks.poll("b", &mut b) && !tasks.poll("c", &mut c));
            assert!(tasks.woken().is_empty());
        }
        drop(c);
        assert!(!tasks.poll("d", &mut b), "b moves to another task");
        assert!(tasks.woken().is_empty());
        gate.open();
        let woken = tasks.woken();
        assert!(woken.contains(&"a") && woken.contains(&"d"), "{woken:?}");
        assert!(tasks.poll("a", &mut a) && tasks.poll("d", &mut b));
        assert!(tasks.poll("e", &mut Box::pin(gate.wait())));
    }

    #[test]
    fn the_last_one_leaves() {
        let (gate, tasks) = (Gate::default(), Tasks::new());
        let mut a = Box::pin(gate.wait());
        assert!(!tasks.poll("a", &mut a));
        drop(gate.wait());
        gate.open();
        assert_eq!(tasks.woken(), ["a"]);
    }
}
