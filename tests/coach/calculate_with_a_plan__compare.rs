//! situation: calculate_with_a_plan
//! says: uses a future

async fn price(id: u32) -> u32 {
    id * 2
}

pub async fn total() -> bool {
    price(2) == 4
}
pub fn run() {}
