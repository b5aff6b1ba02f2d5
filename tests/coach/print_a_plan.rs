//! situation: print_a_plan
//! says: `total` is a future

async fn price(id: u32) -> u32 {
    id * 2
}

pub fn run() {
    let total = price(2);
    println!("{total}");
}
