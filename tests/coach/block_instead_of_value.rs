//! situation: block_instead_of_value
//! says: Here `u32` is needed

pub async fn total() -> u32 {
    async { 1 }
}
pub fn run() {}
