//! situation: calculate_with_a_plan
//! says: uses a future, `Future<Output = bool>`

async fn ready() -> bool {
    true
}
pub async fn total() -> bool {
    !ready()
}
pub fn run() {}
