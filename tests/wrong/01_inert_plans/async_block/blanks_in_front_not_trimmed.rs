//! fails: awaiting_scans_once_and_counts
//! says: Blanks around the number do not count
//!
//! Only the blanks after it are cut off, `  4` is an error.

use std::num::ParseIntError;

const BOTTLES_PER_BOX: u32 = 12;

pub fn count_bottles(
    shelf: &str,
    scan: impl FnOnce() -> String,
) -> impl Future<Output = Result<String, ParseIntError>> {
    let label = shelf.to_uppercase();
    async move {
        let line = scan();
        // The scanner ends its line with a newline.
        let boxes: u32 = line.trim_end().parse()?;
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
