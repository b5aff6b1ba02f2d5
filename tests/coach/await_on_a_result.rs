//! situation: await_on_a_result
//! says: `start(2)` returns a `Result`

async fn price(id: u32) -> Result<u32, String> {
    Ok(id * 2)
}
fn start(id: u32) -> Result<impl Future<Output = u32>, String> {
    Ok(async move { id })
}
pub async fn total() -> Result<u32, String> {
    let a = price(1).await?;
    let b = start(2).await?;
    Ok(a + b)
}
pub fn run() {}
