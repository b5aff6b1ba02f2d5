use tokio::sync::mpsc;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (tx, mut rx) = mpsc::unbounded_channel();
    (1..=200).for_each(|n| tx.send(n).unwrap());
    let drain = tokio::spawn(async move {
        while let Some(n) = rx.recv().await {
            if n % 100 == 0 {
                println!("message {n}");
                tokio::task::spawn(async move { println!("task of {n}") });
            }
            if n == 200 {
                break;
            }
        }
    });
    drain.await.unwrap();
    tokio::task::yield_now().await;
}
