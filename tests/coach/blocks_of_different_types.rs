//! situation: blocks_of_different_types
//! says: a separate type

pub async fn total(fast: bool) -> u32 {
    let job = if fast { async { 1 } } else { async { 2 } };
    job.await
}
pub fn run() {}
