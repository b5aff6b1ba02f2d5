//! situation: tests_move_the_plan
//! says: it holds `Rc<Vec<i32>>`
//! exercise: moved

use std::rc::Rc;
async fn log(line: &str) {
    println!("{line}");
}
pub async fn run() {
    let list = Rc::new(vec![1]);
    log("x").await;
    println!("{list:?}");
}
