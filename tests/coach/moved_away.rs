//! situation: moved_away
//! says: gave `name` away

async fn send(name: String) {
    println!("{name}");
}
pub async fn all() {
    let name = String::from("a");
    send(name).await;
    println!("{name}");
}
pub fn run() {}
