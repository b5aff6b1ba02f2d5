//! Random sequences of operations, compared with a model, and two short examples.

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
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::task::{Context, Wake, Waker};

    use super::gate::{Gate, Wait};

    struct Bell(AtomicUsize);

    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, SeqCst);
        }
    }

    fn bell() -> (Arc<Bell>, Waker) {
        let bell = Arc::new(Bell(AtomicUsize::new(0)));
        (Arc::clone(&bell), Waker::from(bell))
    }

    fn is_ready(wait: &mut Pin<Box<Wait>>, waker: &Waker) -> bool {
        wait.as_mut().poll(&mut Context::from_waker(waker)).is_ready()
    }

    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % sides
        }
    }

    /// A wait, and the task that polled it last.
    struct Waiting {
        wait: Pin<Box<Wait>>,
        task: Option<usize>,
    }

    fn play(seed: u64) {
        let mut dice = Dice(seed);
        let tasks: Vec<(Arc<Bell>, Waker)> = (0..4).map(|_| bell()).collect();
        let mut gates = vec![Gate::default()];
        let mut waits: Vec<Waiting> = Vec::new();

        for _ in 0..dice.roll(40) {
            let gate = dice.roll(gates.len());
            match dice.roll(8) {
                0 => {
                    let clone = gates[gate].clone();
                    gates.push(clone);
                }
                1 if gates.len() > 1 => {
                    gates.swap_remove(gate);
                }
                2 | 3 => waits.push(Waiting { wait: Box::pin(gates[gate].wait()), task: None }),
                4 if !waits.is_empty() => {
                    let number = dice.roll(waits.len());
                    drop(waits.swap_remove(number));
                }
                _ if !waits.is_empty() => {
                    let (number, task) = (dice.roll(waits.len()), dice.roll(tasks.len()));
                    assert!(
                        !is_ready(&mut waits[number].wait, &tasks[task].1),
                        "seed {seed}: ready too early"
                    );
                    waits[number].task = Some(task);
                }
                _ => {}
            }
            for (bell, _) in &tasks {
                assert_eq!(bell.0.load(SeqCst), 0, "seed {seed}: woken without a reason");
            }
        }

        gates[dice.roll(gates.len())].open();
        for waiting in &waits {
            if let Some(task) = waiting.task {
                assert!(tasks[task].0.0.load(SeqCst) >= 1, "seed {seed}: not woken");
            }
        }
        for mut waiting in waits {
            if dice.roll(3) == 0 {
                gates[dice.roll(gates.len())].open();
            }
            let task = dice.roll(tasks.len());
            assert!(is_ready(&mut waiting.wait, &tasks[task].1), "seed {seed}: not ready");
        }
        for gate in &gates {
            assert!(is_ready(&mut Box::pin(gate.wait()), &tasks[0].1), "seed {seed}: a clone is closed");
        }
    }

    #[test]
    fn the_gate_behaves_like_the_model() {
        for seed in 0..3000 {
            play(seed);
        }
    }

    #[test]
    fn two_gates_are_two_gates() {
        let (one, two) = (Gate::default(), Gate::default());
        let (bell, waker) = bell();
        let mut wait = Box::pin(two.wait());
        assert!(!is_ready(&mut wait, &waker));
        one.open();
        assert_eq!(bell.0.load(SeqCst), 0);
        assert!(!is_ready(&mut wait, &waker));
    }

    #[test]
    fn a_gate_may_be_opened_before_anybody_waits() {
        let gate = Gate::default();
        gate.open();
        gate.open();
        assert!(is_ready(&mut Box::pin(gate.wait()), Waker::noop()));
        assert!(is_ready(&mut Box::pin(gate.wait()), Waker::noop()));
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
