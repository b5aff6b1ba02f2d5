//! situation: iterator_dropped
//! says: lazy, like futures

async fn greet(name: &str) {
    println!("{name}");
}
pub fn run() {
    ["a"].iter().map(|n| greet(n));
}
