//! situation: await_on_a_function
//! says: `price` is not a future

async fn price() -> u32 {
    2
}

pub async fn total() -> u32 {
    price.await + 1
}
pub fn run() {}
