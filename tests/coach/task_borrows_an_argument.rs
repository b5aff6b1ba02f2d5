//! situation: task_borrows_an_argument
//! says: only borrows `list`

async fn show(list: &[u32]) {
    println!("{list:?}");
}
pub fn start(list: &[u32]) {
    tokio::spawn(show(list));
}
pub fn run() {}
