//! situation: temporary_in_a_plan
//! says: `String::from("a")` is made on this line

async fn show(text: &str) {
    println!("{text}");
}
pub async fn all() {
    let plan = show(&String::from("a"));
    plan.await;
}
pub fn run() {}
