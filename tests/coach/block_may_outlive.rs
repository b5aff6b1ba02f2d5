//! situation: block_may_outlive
//! says: what should own `names`

pub fn run() {
    let names = vec!["a"];
    tokio::spawn(async { println!("{names:?}") });
}
