//! situation: plan_in_an_unused_variable
//! says: reads `later`

async fn greet(name: &str) {
    println!("{name}");
}
pub fn run() {
    let later = greet("a");
}
