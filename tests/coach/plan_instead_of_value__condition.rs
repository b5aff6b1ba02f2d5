//! situation: plan_instead_of_value
//! says: `ready()` is a plan for `bool`

async fn ready() -> bool {
    true
}

pub async fn total() {
    if ready() {
        println!("x");
    }
}
pub fn run() {}
