//! situation: task_may_have_failed
//! says: `u32` is inside it

pub async fn total() -> u32 {
    tokio::spawn(async { 1 }).await
}
pub fn run() {}
