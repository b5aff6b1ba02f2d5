//! situation: block_may_outlive
//! says: who should own `names`

pub fn run() {
    let names = vec!["a"];
    tokio::spawn(async { println!("{names:?}") });
}
