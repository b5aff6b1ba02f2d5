//! situation: moved_in_a_loop
//! says: gave `name` away

async fn send(name: String) {
    println!("{name}");
}
pub async fn all() {
    let name = String::from("a");
    for _ in 0..2 {
        send(name).await;
    }
}
pub fn run() {}
