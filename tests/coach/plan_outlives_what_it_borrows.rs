//! situation: plan_outlives_what_it_borrows
//! says: is `list` still there

async fn show(list: &[u32]) {
    println!("{list:?}");
}
pub async fn all() {
    let plan;
    {
        let list = vec![1];
        plan = show(&list);
    }
    plan.await;
}
pub fn run() {}
