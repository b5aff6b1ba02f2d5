//! situation: task_borrows_a_temporary
//! says: `String::from("a")` is made on this line

async fn show(text: &str) {
    println!("{text}");
}
pub fn run() {
    tokio::spawn(show(&String::from("a")));
}
