//! situation: collect_plans
//! says: `Vec<u32>` needs the values

pub trait Api {
    fn get(&self, id: u32) -> impl Future<Output = u32>;
}
pub async fn all(api: &impl Api, ids: &[u32]) -> Vec<u32> {
    ids.iter().map(|&id| api.get(id)).collect()
}
pub fn run() {}
