//! situation: calculate_with_a_plan
//! says: with a plan

async fn ready() -> &'static bool {
    &true
}
pub async fn total() -> bool {
    *ready()
}
pub fn run() {}
