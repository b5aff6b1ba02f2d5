//! situation: arguments_do_not_match
//! says: how many arguments

async fn price(id: u32, day: u32) -> u32 {
    id + day
}
pub async fn total() -> u32 {
    price(1).await
}
pub fn run() {}
