//! situation: await_in_closure
//! says: a plain closure

async fn price(id: u32) -> u32 {
    id * 2
}

pub async fn prices(ids: &[u32]) -> Vec<u32> {
    ids.iter().map(|&id| price(id).await).collect()
}
pub fn run() {}
