//! situation: borrowed_by_a_waiting_plan
//! says: lends `list`
//! says: Line

async fn show(list: &[u32]) {
    println!("{list:?}");
}
pub async fn all() {
    let mut list = vec![1];
    let plan = show(&list);
    list.push(2);
    plan.await;
}
pub fn run() {}
