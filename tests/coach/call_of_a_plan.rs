//! situation: call_of_a_plan
//! says: `job` is not a function

pub async fn total() -> u64 {
    let job = async { 1 };
    job().await
}
pub fn run() {}
