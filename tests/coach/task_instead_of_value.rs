//! situation: task_instead_of_value
//! says: The `u32` that

pub async fn total() -> u32 {
    tokio::spawn(async { 1 })
}
pub fn run() {}
