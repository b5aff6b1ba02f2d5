//! The stock count is planned by day and done at night. `count_bottles` returns a future. When
//! it is awaited, it uses the scanner once (not before that) and resolves at once to a line for
//! the report. The scanner may read blanks around the number of boxes. If it reads anything
//! else, such as `four`, `4x2` or `-4`, the future resolves to the error of `parse`.
//!
//! The compiler stops at the `?`: it would leave `count_bottles` with an error, but
//! `count_bottles` returns a future.

use std::num::ParseIntError;

const BOTTLES_PER_BOX: u32 = 12;

pub fn count_bottles(
    shelf: &str,
    scan: impl FnOnce() -> String,
) -> impl Future<Output = Result<String, ParseIntError>> {
    let label = shelf.to_uppercase();
    let line = scan();
    let boxes: u32 = line.trim().parse()?;
    async move { Ok(format!("{label}: {} bottles", boxes * BOTTLES_PER_BOX)) }
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
