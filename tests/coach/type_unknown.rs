//! situation: type_unknown
//! says: not its type

pub async fn total() {
    let block = async { [1u32].iter().sum() };
    let x: u64 = 1 + block.await;
}
pub fn run() {}
