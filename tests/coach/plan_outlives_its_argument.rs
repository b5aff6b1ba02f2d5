//! situation: plan_outlives_its_argument
//! says: receives a reference

async fn show(t: &str) -> usize {
    t.len()
}
pub async fn total() {
    let f = |t: &str| show(t);
    f("a").await;
}
pub fn run() {}
