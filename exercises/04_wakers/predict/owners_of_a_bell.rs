use std::sync::Arc;
use std::task::{Wake, Waker};

struct Bell;

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        println!("ding");
    }
}

fn main() {
    let bell = Arc::new(Bell);
    let waker = Waker::from(bell.clone());
    let kept = waker.clone();
    println!("{} owners", Arc::strong_count(&bell));
    waker.wake_by_ref();
    kept.wake();
    println!("{} owners", Arc::strong_count(&bell));
}
