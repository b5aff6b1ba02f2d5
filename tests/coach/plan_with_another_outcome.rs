//! situation: plan_with_another_outcome
//! says: resolves to `u32`, and `String`

async fn price() -> u32 {
    1
}
fn start(f: impl Future<Output = String>) {}
pub fn run() {
    start(price());
}
