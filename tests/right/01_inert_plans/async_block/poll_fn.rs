//! A future by hand with `poll_fn`; the scanner waits in an `Option`, no `?`.

use std::future::poll_fn;
use std::num::ParseIntError;
use std::task::Poll;

const BOTTLES_PER_BOX: u32 = 12;

pub fn count_bottles(
    shelf: &str,
    scan: impl FnOnce() -> String,
) -> impl Future<Output = Result<String, ParseIntError>> {
    let label = shelf.to_uppercase();
    let mut scan = Some(scan);
    poll_fn(move |_cx| {
        let scan = scan.take().expect("polled after its end");
        let line = scan();
        let outcome = match line.trim().parse::<u32>() {
            Ok(boxes) => Ok(format!("{label}: {} bottles", boxes * BOTTLES_PER_BOX)),
            Err(error) => Err(error),
        };
        Poll::Ready(outcome)
    })
}

fn scanner(line: &str) -> impl FnOnce() -> String {
    move || {
        println!("  scanning {line:?}");
        line.to_owned()
    }
}

#[tokio::main]
async fn main() {
    println!("by day: two plans are made");
    let cellar = count_bottles("cellar", scanner("4"));
    let attic = count_bottles("attic", scanner("four"));

    println!("at night: the plans are carried out");
    println!("{:?}", cellar.await);
    println!("{:?}", attic.await);
}
