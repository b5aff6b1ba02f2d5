use tokio::task::yield_now;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for id in 1..=3 {
        tokio::spawn(async move {
            println!("mail {id} begun");
            yield_now().await;
            println!("mail {id} sent");
        });
    }
    println!("all spawned");
    yield_now().await;
    println!("main ends");
}
