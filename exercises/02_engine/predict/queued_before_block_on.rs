use tokio::runtime::Builder;
use tokio::task::yield_now;

fn main() {
    let rt = Builder::new_current_thread().build().unwrap();
    rt.spawn(async { println!("spawned") });
    println!("before");
    rt.block_on(async {
        println!("inside");
        yield_now().await;
        println!("inside again");
    });
    println!("after");
}
