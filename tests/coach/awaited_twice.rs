//! situation: awaited_twice
//! says: Awaiting `plan`

async fn price() -> u32 {
    1
}
pub async fn total() -> u32 {
    let plan = price();
    plan.await + plan.await
}
pub fn run() {}
