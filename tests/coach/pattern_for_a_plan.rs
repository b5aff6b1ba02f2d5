//! situation: pattern_for_a_plan
//! says: `load()` returns a future

async fn load() -> Option<u32> {
    None
}
pub async fn total() {
    if let Some(x) = load() {
        println!("{x}");
    }
}
pub fn run() {}
