//! situation: await_on_a_value
//! says: What stands here is `()`

use tokio::runtime::Runtime;
pub fn run() {
    let rt = Runtime::new().unwrap();
    rt.block_on(println!("x"));
}
