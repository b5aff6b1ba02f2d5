use tokio::task::yield_now;

async fn cook(dish: &str, steps: u32) {
    for step in 1..=steps {
        println!("{dish} {step}");
        yield_now().await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::join!(cook("soup", 2), cook("rice", 1));
    println!("dinner");
}
