//! situation: clippy_future_not_kept
//! says: drops what it gets
//! exercise: linted

async fn log(l: &str) {
    println!("{l}");
}
pub fn run() {
    let _ = log("x");
    let _ = tokio::spawn(async {});
}
