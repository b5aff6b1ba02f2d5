//! situation: question_mark_on_a_task
//! says: look at how `String` could

pub async fn total() -> Result<u32, String> {
    let n = tokio::spawn(async { 1 }).await?;
    Ok(n + 1)
}
pub fn run() {}
