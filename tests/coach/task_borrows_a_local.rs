//! situation: task_borrows_a_local
//! says: `list` lives in this function

async fn show(list: &[u32]) {
    println!("{list:?}");
}
pub fn run() {
    let list = vec![1];
    tokio::spawn(show(&list));
}
