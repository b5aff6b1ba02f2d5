//! situation: await_as_a_prefix_or_a_call
//! says: nor a method

async fn price() -> u32 { 1 }
pub async fn total() -> u32 { price().await() }
pub fn run() { }
