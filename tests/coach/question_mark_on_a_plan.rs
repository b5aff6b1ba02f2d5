//! situation: question_mark_on_a_plan
//! says: `load()` is a future

async fn load() -> Result<u32, String> {
    Ok(1)
}

pub async fn total() -> Result<u32, String> {
    let n = load()?;
    Ok(n + 1)
}
pub fn run() {}
