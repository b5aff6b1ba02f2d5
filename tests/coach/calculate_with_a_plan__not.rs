//! situation: calculate_with_a_plan
//! says: with a plan, `Future<Output = bool>`

async fn ready() -> bool {
    true
}
pub async fn total() -> bool {
    !ready()
}
pub fn run() {}
