use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

struct Bell;

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        println!("ding");
    }
}

fn main() {
    let waker = Waker::from(Arc::new(Bell));
    let lunch = pin!(poll_fn(|cx| {
        cx.waker().wake_by_ref();
        println!("not yet");
        Poll::<()>::Pending
    }));
    let _ = lunch.poll(&mut Context::from_waker(&waker));
    println!("polled");
}
