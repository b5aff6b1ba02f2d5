//! situation: loop_over_a_plan
//! says: `prices()` returns a future

async fn prices() -> Vec<u32> {
    vec![1]
}

pub async fn total() {
    for price in prices() {
        println!("{price}");
    }
}
pub fn run() {}
