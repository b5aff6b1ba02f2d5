//! situation: clippy_plan_in_a_plan
//! says: gets `log("x")` back
//! exercise: linted

async fn log(l: &str) {
    println!("{l}");
}
pub async fn run() {
    let job = async { log("x") };
    job.await.await;
}
