//! situation: plan_instead_of_value
//! says: `ready()` is a future, and `bool` is needed here

async fn ready() -> bool {
    true
}

pub async fn total() {
    if ready() {
        println!("x");
    }
}
pub fn run() {}
