//! situation: calculate_with_a_plan
//! says: uses a future

async fn n() -> u32 {
    1
}
pub async fn total() -> u64 {
    n() as u64
}
pub fn run() {}
