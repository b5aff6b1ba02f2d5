//! situation: question_mark_converts
//! says: here `MyError`
//! says: fails with `String`

#[derive(Debug)]
pub struct MyError;
async fn load() -> Result<u32, String> {
    Ok(1)
}

pub async fn total() -> Result<u32, MyError> {
    let n = load().await?;
    Ok(n + 1)
}
pub fn run() {}
