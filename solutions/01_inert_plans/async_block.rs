//! `count_bottles` returns a future. When it is awaited, it resolves to a line for the report, or to an error.
//!
//! Two things about an `async` block. First, it is a value: a future that runs nothing until it is awaited. The
//! code before it in `count_bottles` runs at once, by day, so the scanner has to be used inside. Second, `?`
//! and `return` inside it leave only the block, not the function around it. Inside, the error becomes the
//! output of the future, as the signature promises. Outside, `?` cannot work: `count_bottles` returns a future,
//! not a `Result`.
//!
//! `async fn count_bottles(…) -> Result<String, ParseIntError>` is right too: its whole body is the block, and
//! nothing at all runs by day. If you await a block in the middle of other code, the compiler often cannot
//! infer the error type (E0282, "type annotations needed"). `Ok::<_, ParseIntError>(…)` as the last line of the
//! block names it.

use std::num::ParseIntError;

const BOTTLES_PER_BOX: u32 = 12;

pub fn count_bottles(
    shelf: &str,
    scan: impl FnOnce() -> String,
) -> impl Future<Output = Result<String, ParseIntError>> {
    let label = shelf.to_uppercase();
    // `move`: the future outlives this call, so it has to own `label` and `scan`.
    async move {
        let line = scan();
        let boxes: u32 = line.trim().parse()?;
        Ok(format!("{label}: {} bottles", boxes * BOTTLES_PER_BOX))
    }
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
