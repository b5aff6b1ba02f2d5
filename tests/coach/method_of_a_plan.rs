//! situation: method_of_a_plan
//! says: `len` belongs to the output

async fn name() -> String {
    String::new()
}
pub async fn total() -> usize {
    name().len()
}
pub fn run() {}
