//! situation: plan_dropped
//! says: `greet("a")` makes a future

async fn greet(name: &str) {
    println!("{name}");
}
pub fn run() {
    greet("a");
}
