//! situation: await_on_a_value
//! says: This expression is `()`

use tokio::runtime::Runtime;
pub fn run() {
    let rt = Runtime::new().unwrap();
    rt.block_on(println!("x"));
}
