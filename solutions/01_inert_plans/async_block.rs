//! `count_bottles` hands out a plan; whoever awaits it gets a line for the report, or the error.
//!
//! Two things about an `async` block. First, it is a value: a plan that runs nothing until it is awaited. What
//! stands before it in `count_bottles` runs at once, by day, so the scanner has to be used inside. Second, it has
//! a return of its own: `?` (and `return`) leave the block, not the function around it. Inside, the error becomes
//! the outcome of the plan, which is what the signature promises. Outside, there is nobody to give it to: a
//! function that returns a future cannot return a `Result` half-way.
//!
//! `async fn count_bottles(…) -> Result<String, ParseIntError>` is right too: its whole body is the block, and
//! nothing at all runs by day. A block that is awaited in the middle of other code often leaves the compiler
//! without the error type (E0282, "type annotations needed"); `Ok::<_, ParseIntError>(…)` as its last line names it.

use std::num::ParseIntError;

const BOTTLES_PER_BOX: u32 = 12;

pub fn count_bottles(
    shelf: &str,
    scan: impl FnOnce() -> String,
) -> impl Future<Output = Result<String, ParseIntError>> {
    let label = shelf.to_uppercase();
    // `move`: the plan outlives this call, so it takes `label` and `scan` along.
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
