//! situation: iterator_dropped
//! says: as lazy as plans

async fn greet(name: &str) {
    println!("{name}");
}
pub fn run() {
    ["a"].iter().map(|n| greet(n));
}
