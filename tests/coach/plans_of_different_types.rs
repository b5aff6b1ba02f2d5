//! situation: plans_of_different_types
//! says: futures of different types

async fn quick() -> u32 {
    1
}
async fn slow() -> u32 {
    2
}
pub async fn total(fast: bool) -> u32 {
    let job = if fast { quick() } else { slow() };
    job.await
}
pub fn run() {}
