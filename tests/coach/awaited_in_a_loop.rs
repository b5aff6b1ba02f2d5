//! situation: awaited_in_a_loop
//! says: `plan` is gone

async fn price() -> u32 {
    1
}
pub async fn total() {
    let plan = price();
    loop {
        plan.await;
    }
}
pub fn run() {}
