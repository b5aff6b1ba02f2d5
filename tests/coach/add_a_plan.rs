//! situation: add_a_plan
//! says: side of this calculation

async fn price(id: u32) -> u32 {
    id * 2
}

pub async fn total() -> u32 {
    1 + price(2)
}
pub fn run() {}
