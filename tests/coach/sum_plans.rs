//! situation: sum_plans
//! says: cannot be added up

async fn price(id: u32) -> u32 {
    id * 2
}

pub async fn prices(ids: &[u32]) -> u32 {
    ids.iter().map(|&id| price(id)).sum()
}
pub fn run() {}
