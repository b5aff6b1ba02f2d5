//! situation: await_on_a_value
//! says: `price(id)` is `u32`

fn price(id: u32) -> u32 {
    id * 2
}

pub async fn total(id: u32) -> u32 {
    price(id).await + 1
}
pub fn run() {}
