//! situation: await_on_a_tuple
//! says: A tuple of futures is not a future

async fn price(id: u32) -> u32 {
    id * 2
}

pub async fn total() -> (u32, u32) {
    (price(1), price(2)).await
}
pub fn run() {}
