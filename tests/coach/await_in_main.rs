//! situation: await_in_main
//! says: it has no caller to turn to

async fn greet() {}

fn main() {
    greet().await;
}

pub fn run() {
    main();
}
