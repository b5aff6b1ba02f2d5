//! situation: method_of_a_future_type
//! says: `unwrap` belongs to the output

pub async fn three() -> u32 {
    std::future::ready(Some(3)).unwrap()
}
pub fn run() {}
