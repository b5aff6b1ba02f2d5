use tokio::task::yield_now;

async fn work(name: &str, yields: bool) {
    for part in 1..=2 {
        println!("{name} {part}");
        if yields {
            yield_now().await;
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let fair = tokio::spawn(work("fair", true));
    let hog = tokio::spawn(work("hog", false));
    let _ = tokio::join!(fair, hog);
}
