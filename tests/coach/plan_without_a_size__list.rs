//! situation: plan_without_a_size
//! says: differ in size

pub async fn start(f: Vec<dyn Future<Output = u32>>) {}
pub fn run() {}
