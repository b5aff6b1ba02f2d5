//! situation: clippy_refcell_across_await
//! says: borrow from the `RefCell`
//! exercise: linted

use std::cell::RefCell;
async fn log(l: &str) {
    println!("{l}");
}
pub async fn bump(m: &RefCell<u32>) {
    let mut count = m.borrow_mut();
    *count += 1;
    log("x").await;
}
pub fn run() {}
