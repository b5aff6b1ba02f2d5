//! situation: plan_dropped
//! says: makes a future

pub async fn nap() {
    tokio::time::sleep(std::time::Duration::ZERO);
}
pub fn run() {}
