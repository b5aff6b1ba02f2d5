//! situation: calculate_with_a_plan
//! says: uses a future

async fn ready() -> &'static bool {
    &true
}
pub async fn total() -> bool {
    *ready()
}
pub fn run() {}
