//! situation: await_in_main
//! says: it has no async caller

async fn greet() {}

fn main() {
    greet().await;
}

pub fn run() {
    main();
}
