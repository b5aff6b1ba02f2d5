//! fails: awaiting_scans_once_and_counts
//! says: When it is awaited, the night has come

use std::num::ParseIntError;

const BOTTLES_PER_BOX: u32 = 12;

pub fn count_bottles(
    shelf: &str,
    scan: impl FnOnce() -> String,
) -> impl Future<Output = Result<String, ParseIntError>> {
    let label = shelf.to_uppercase();
    async move {
        tokio::time::sleep(std::time::Duration::from_secs(12 * 60 * 60)).await;
        let boxes: u32 = scan().trim().parse()?;
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
