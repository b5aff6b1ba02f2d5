//! Returns the error without `?`, in a boxed plan.

use std::num::ParseIntError;
use std::pin::Pin;

const BOTTLES_PER_BOX: u32 = 12;

pub fn count_bottles<'a>(
    shelf: &str,
    scan: impl FnOnce() -> String + 'a,
) -> Pin<Box<dyn Future<Output = Result<String, ParseIntError>> + 'a>> {
    let label = shelf.to_uppercase();
    Box::pin(async move {
        match scan().trim().parse::<u32>() {
            Ok(boxes) => Ok(format!("{label}: {} bottles", boxes * BOTTLES_PER_BOX)),
            Err(error) => Err(error),
        }
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
