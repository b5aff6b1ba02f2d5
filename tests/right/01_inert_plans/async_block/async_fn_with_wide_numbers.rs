//! An `async fn` instead of the block, wide arithmetic for big counts.

use std::num::ParseIntError;

const BOTTLES_PER_BOX: u32 = 12;

pub async fn count_bottles(shelf: &str, scan: impl FnOnce() -> String) -> Result<String, ParseIntError> {
    let line = scan();
    let boxes = line.trim().parse::<u32>()?;
    let bottles = u64::from(boxes) * u64::from(BOTTLES_PER_BOX);
    Ok(format!("{}: {bottles} bottles", shelf.to_uppercase()))
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
