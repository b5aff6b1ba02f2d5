//! situation: question_mark_without_result
//! says: it returns `u32`

async fn load() -> Result<u32, String> {
    Ok(1)
}

pub async fn total() -> u32 {
    load().await? + 1
}
pub fn run() {}
