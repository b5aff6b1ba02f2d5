//! fails: a_bad_line_comes_back_as_an_error
//! says: and the future reported "ATTIC: -
//!
//! Parsed as a signed number, so `-4` gives `-48 bottles` and no error.

use std::num::ParseIntError;

const BOTTLES_PER_BOX: u32 = 12;

pub fn count_bottles(
    shelf: &str,
    scan: impl FnOnce() -> String,
) -> impl Future<Output = Result<String, ParseIntError>> {
    let label = shelf.to_uppercase();
    async move {
        // i64, so that the product cannot overflow.
        let boxes: i64 = scan().trim().parse()?;
        Ok(format!("{label}: {} bottles", boxes * i64::from(BOTTLES_PER_BOX)))
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
