//! situation: calculate_with_a_plan
//! says: uses a future, `Future<Output = u32>`

async fn price(id: u32) -> u32 {
    id * 2
}

pub async fn total() -> u32 {
    price(1) + price(2)
}
pub fn run() {}
