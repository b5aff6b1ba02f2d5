//! situation: method_of_a_task
//! says: `join` is no method

pub async fn total() -> u32 {
    let h = tokio::spawn(async { 1 });
    h.join().unwrap()
}
pub fn run() {}
