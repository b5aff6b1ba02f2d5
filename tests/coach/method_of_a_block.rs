//! situation: method_of_a_block
//! says: `len` belongs to the output

pub async fn total() -> usize {
    let x = async { String::new() };
    x.len()
}
pub fn run() {}
