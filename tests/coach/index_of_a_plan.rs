//! situation: index_of_a_plan
//! says: `Vec<u32>`

async fn prices() -> Vec<u32> {
    vec![]
}
pub async fn total() -> u32 {
    prices()[0]
}
pub fn run() {}
