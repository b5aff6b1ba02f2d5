//! situation: task_borrows_a_local
//! says: `text` lives in this function

async fn show(text: &str) -> usize {
    text.len()
}
pub fn plan() -> impl Future<Output = usize> {
    let text = String::from("a");
    show(&text)
}
pub fn run() {}
