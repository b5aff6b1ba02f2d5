//! fails: two_plans_do_not_mix
//! says: came to another report than its own scanner's

use std::num::ParseIntError;
use std::sync::Mutex;

const BOTTLES_PER_BOX: u32 = 12;

/// The label of the shelf: a local one does not live long enough for the block.
static LABEL: Mutex<String> = Mutex::new(String::new());

pub fn count_bottles(
    shelf: &str,
    scan: impl FnOnce() -> String,
) -> impl Future<Output = Result<String, ParseIntError>> {
    *LABEL.lock().unwrap() = shelf.to_uppercase();
    async {
        let boxes: u32 = scan().trim().parse()?;
        let label = LABEL.lock().unwrap();
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
