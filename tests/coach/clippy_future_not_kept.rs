//! situation: clippy_future_not_kept
//! says: drops its value
//! exercise: linted

async fn log(l: &str) {
    println!("{l}");
}
pub fn run() {
    let _ = log("x");
    let _ = tokio::spawn(async {});
}
