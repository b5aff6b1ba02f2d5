//! situation: await_in_closure
//! says: a plain closure

async fn price() -> u32 {
    2
}
pub async fn total() -> Option<u32> {
    None.or_else(|| Some(price().await))
}
pub fn run() {}
