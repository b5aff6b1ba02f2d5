//! situation: collect_plans
//! says: `Vec<u32>` needs the values

async fn price(id: u32) -> u32 {
    id * 2
}

pub async fn prices(ids: &[u32]) -> Vec<u32> {
    ids.iter().map(|&id| price(id)).collect()
}
pub fn run() {}
