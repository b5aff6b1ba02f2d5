//! A test for each promise, tasks with counting wakers, and a waker that looks at the gate from another thread.

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
    use std::pin::{Pin, pin};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, mpsc};
    use std::task::{Context, Poll, Wake, Waker};
    use std::thread;
    use std::time::Duration;

    use super::gate::{Gate, Wait};

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    struct Task {
        count: Arc<Count>,
        waker: Waker,
    }

    impl Task {
        fn new() -> Self {
            let count = Arc::new(Count::default());
            Self { waker: Waker::from(Arc::clone(&count)), count }
        }

        fn poll(&self, wait: &mut Pin<Box<Wait>>) -> Poll<()> {
            wait.as_mut().poll(&mut Context::from_waker(&self.waker))
        }

        fn wakes(&self) -> usize {
            self.count.0.load(Ordering::SeqCst)
        }
    }

    fn wait(gate: &Gate) -> Pin<Box<Wait>> {
        Box::pin(gate.wait())
    }

    #[test]
    fn a_closed_gate_keeps_a_task_waiting_and_lets_it_sleep() {
        let gate = Gate::default();
        let task = Task::new();
        let mut request = wait(&gate);
        for _ in 0..5 {
            assert!(task.poll(&mut request).is_pending());
            assert_eq!(task.wakes(), 0);
        }
        gate.open();
        assert!(task.wakes() >= 1);
        assert!(task.poll(&mut request).is_ready());
    }

    #[test]
    fn every_task_is_woken() {
        let gate = Gate::default();
        let mut all: Vec<_> = (0..100).map(|_| (Task::new(), wait(&gate))).collect();
        for (task, request) in &mut all {
            assert!(task.poll(request).is_pending());
        }
        assert!(all.iter().all(|(task, _)| task.wakes() == 0));
        gate.open();
        for (task, request) in &mut all {
            assert!(task.wakes() >= 1);
            assert!(task.poll(request).is_ready());
        }
    }

    #[test]
    fn an_open_gate_stays_open() {
        let gate = Gate::default();
        let task = Task::new();
        let mut early = wait(&gate);
        gate.open();
        assert!(task.poll(&mut early).is_ready());
        drop(early);
        for _ in 0..3 {
            assert!(task.poll(&mut wait(&gate)).is_ready());
        }
        let mut between = wait(&gate);
        gate.open();
        assert!(task.poll(&mut between).is_ready());
        assert!(task.poll(&mut wait(&gate)).is_ready());
        gate.open();
        assert!(task.poll(&mut wait(&gate.clone())).is_ready());
    }

    #[test]
    fn clones_are_the_same_gate_and_others_are_not() {
        let gate = Gate::default();
        let clone = gate.clone();
        let other = Gate::default();
        let (a, b, c) = (Task::new(), Task::new(), Task::new());
        let (mut at_gate, mut at_clone, mut at_other) = (wait(&gate), wait(&clone), wait(&other));
        assert!(a.poll(&mut at_gate).is_pending());
        assert!(b.poll(&mut at_clone).is_pending());
        assert!(c.poll(&mut at_other).is_pending());
        drop(gate);
        clone.clone().open();
        assert!(a.wakes() >= 1 && b.wakes() >= 1);
        assert_eq!(c.wakes(), 0);
        assert!(a.poll(&mut at_gate).is_ready());
        assert!(b.poll(&mut at_clone).is_ready());
        assert!(c.poll(&mut at_other).is_pending());
        assert!(a.poll(&mut wait(&clone)).is_ready());
    }

    #[test]
    fn the_task_that_polled_last_is_woken() {
        let gate = Gate::default();
        let (a, b) = (Task::new(), Task::new());
        let (mut moved, mut there_and_back) = (wait(&gate), wait(&gate));
        assert!(a.poll(&mut moved).is_pending());
        assert!(b.poll(&mut moved).is_pending());
        let c = Task::new();
        let d = Task::new();
        assert!(c.poll(&mut there_and_back).is_pending());
        assert!(d.poll(&mut there_and_back).is_pending());
        assert!(c.poll(&mut there_and_back).is_pending());
        assert_eq!([&a, &b, &c, &d].map(Task::wakes), [0; 4]);
        gate.open();
        assert!(b.wakes() >= 1);
        assert!(c.wakes() >= 1);
        assert!(b.poll(&mut moved).is_ready());
        assert!(c.poll(&mut there_and_back).is_ready());
    }

    #[test]
    fn a_wait_that_moves_takes_no_other_wait_along() {
        let gate = Gate::default();
        let (a, b) = (Task::new(), Task::new());
        let (mut moved, mut stays) = (wait(&gate), wait(&gate));
        assert!(a.poll(&mut stays).is_pending());
        assert!(a.poll(&mut moved).is_pending());
        assert!(b.poll(&mut moved).is_pending());
        gate.open();
        assert!(a.wakes() >= 1);
        assert!(b.wakes() >= 1);
        assert!(a.poll(&mut stays).is_ready());
    }

    #[test]
    fn a_dropped_wait_changes_nothing_for_the_others() {
        for dropped in 0..3 {
            let gate = Gate::default();
            let tasks = [Task::new(), Task::new(), Task::new()];
            let mut waits: Vec<_> = (0..3).map(|_| Some(wait(&gate))).collect();
            for (task, request) in tasks.iter().zip(&mut waits) {
                assert!(task.poll(request.as_mut().unwrap()).is_pending());
            }
            waits[dropped] = None;
            drop(wait(&gate)); // never polled
            assert!(tasks.iter().all(|task| task.wakes() == 0));
            for (task, request) in tasks.iter().zip(&mut waits) {
                if let Some(request) = request {
                    assert!(task.poll(request).is_pending());
                }
            }
            assert!(tasks.iter().all(|task| task.wakes() == 0));
            gate.open();
            for (task, request) in tasks.iter().zip(&mut waits) {
                if let Some(request) = request {
                    assert!(task.wakes() >= 1);
                    assert!(task.poll(request).is_ready());
                }
            }
        }
    }

    #[test]
    fn a_dropped_wait_changes_nothing_for_others_that_are_not_polled_again() {
        for dropped in 0..3 {
            let gate = Gate::default();
            let tasks = [Task::new(), Task::new(), Task::new()];
            let mut waits: Vec<_> = (0..3).map(|_| wait(&gate)).collect();
            for (task, request) in tasks.iter().zip(&mut waits) {
                assert!(task.poll(request).is_pending());
            }
            drop(waits.remove(dropped));
            gate.open();
            for (number, task) in tasks.iter().enumerate() {
                assert!(number == dropped || task.wakes() >= 1);
            }
        }
    }

    #[test]
    fn a_task_with_two_waits_can_drop_one() {
        for first in [true, false] {
            let gate = Gate::default();
            let task = Task::new();
            let (mut one, mut two) = (wait(&gate), wait(&gate));
            assert!(task.poll(&mut one).is_pending());
            assert!(task.poll(&mut two).is_pending());
            let mut left = if first {
                drop(one);
                two
            } else {
                drop(two);
                one
            };
            assert_eq!(task.wakes(), 0);
            gate.open();
            assert!(task.wakes() >= 1);
            assert!(task.poll(&mut left).is_ready());
        }
    }

    #[test]
    fn a_wait_that_is_done_and_dropped_leaves_the_gate_open() {
        let gate = Gate::default();
        let task = Task::new();
        let (mut done, mut late) = (wait(&gate), wait(&gate));
        assert!(task.poll(&mut late).is_pending());
        gate.open();
        assert!(task.poll(&mut done).is_ready());
        drop(done);
        assert!(task.poll(&mut late).is_ready());
    }

    #[test]
    fn only_open_wakes() {
        let gate = Gate::default();
        let (task, other) = (Task::new(), Task::new());
        let mut request = wait(&gate);
        assert!(task.poll(&mut request).is_pending());
        let clone = gate.clone();
        let mut second = wait(&clone);
        assert!(other.poll(&mut second).is_pending());
        drop(second);
        drop(clone);
        drop(gate);
        assert_eq!(task.wakes(), 0);
        assert_eq!(other.wakes(), 0);
        assert!(task.poll(&mut request).is_pending());
        assert_eq!(task.wakes(), 0);
    }

    /// When it is woken, another thread looks whether the gate is open.
    struct Look {
        gate: Mutex<Gate>,
        seen: Mutex<Vec<bool>>,
    }

    impl Wake for Look {
        fn wake(self: Arc<Self>) {
            let gate = self.gate.lock().unwrap().clone();
            let (tell, told) = mpsc::channel();
            thread::spawn(move || {
                let request = pin!(gate.wait());
                let ready = request.poll(&mut Context::from_waker(Waker::noop())).is_ready();
                let _ = tell.send(ready);
            });
            // No answer: the gate may be locked while it wakes.
            if let Ok(ready) = told.recv_timeout(Duration::from_millis(200)) {
                self.seen.lock().unwrap().push(ready);
            }
        }
    }

    #[test]
    fn a_task_that_is_woken_finds_the_gate_open() {
        let gate = Gate::default();
        let look = Arc::new(Look { gate: Mutex::new(gate.clone()), seen: Mutex::new(Vec::new()) });
        let waker = Waker::from(Arc::clone(&look));
        let mut request = wait(&gate);
        assert!(request.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        gate.open();
        assert_ne!(look.seen.lock().unwrap().last(), Some(&false));
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
