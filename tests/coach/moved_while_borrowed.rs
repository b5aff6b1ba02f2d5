//! situation: moved_while_borrowed
//! says: `list` is moved here
//! says: since line

async fn show(list: &[u32]) {
    println!("{list:?}");
}
pub async fn all() {
    let list = vec![1];
    let plan = show(&list);
    drop(list);
    plan.await;
}
pub fn run() {}
