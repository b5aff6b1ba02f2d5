use tokio::sync::watch;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (tx, mut rx) = watch::channel(18);
    let display = tokio::spawn(async move {
        while rx.changed().await.is_ok() {
            println!("{} degrees", *rx.borrow_and_update());
        }
        println!("closed");
    });
    for degrees in [19, 20, 21] {
        tx.send(degrees).unwrap();
    }
    drop(tx);
    display.await.unwrap();
}
