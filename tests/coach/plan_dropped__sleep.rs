//! situation: plan_dropped
//! says: makes a plan

pub async fn nap() {
    tokio::time::sleep(std::time::Duration::ZERO);
}
pub fn run() {}
