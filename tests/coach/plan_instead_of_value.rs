//! situation: plan_instead_of_value
//! says: `price(2)` is a future, and `u32` is needed here

async fn price(id: u32) -> u32 {
    id * 2
}

pub async fn total() -> u32 {
    let sum: u32 = price(2);
    sum
}
pub fn run() {}
