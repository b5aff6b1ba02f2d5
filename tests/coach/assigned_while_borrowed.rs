//! situation: assigned_while_borrowed
//! says: `n` gets a new value
//! says: but line

async fn show(n: &u32) {
    println!("{n}");
}
pub async fn all() {
    let mut n = 1;
    let plan = show(&n);
    n = 2;
    plan.await;
    println!("{n}");
}
pub fn run() {}
