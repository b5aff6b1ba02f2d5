//! situation: await_as_a_prefix_or_a_call
//! says: after the future

async fn price() -> u32 { 1 }
pub async fn total() -> u32 { let a = await price(); a }
pub fn run() { }
