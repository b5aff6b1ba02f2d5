//! situation: print_a_plan
//! says: `price(2)` is a future

async fn price(id: u32) -> u32 {
    id * 2
}

pub fn run() {
    println!("{:?}", price(2));
}
