//! situation: method_of_a_task
//! says: has no method `join`

pub async fn total() -> u32 {
    let h = tokio::spawn(async { 1 });
    h.join().unwrap()
}
pub fn run() {}
