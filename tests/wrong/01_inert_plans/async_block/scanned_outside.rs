//! fails: making_the_plan_scans_nothing
//! says: `count_bottles` did its work at call time. The returned future must do nothing until it is awaited.

use std::num::ParseIntError;

const BOTTLES_PER_BOX: u32 = 12;

pub fn count_bottles(
    shelf: &str,
    scan: impl FnOnce() -> String,
) -> impl Future<Output = Result<String, ParseIntError>> {
    let label = shelf.to_uppercase();
    let line = scan();
    async move {
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
