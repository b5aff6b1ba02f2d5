//! situation: changed_by_two_plans
//! says: change `list` at

async fn add(list: &mut Vec<u32>, n: u32) {
    list.push(n);
}
pub async fn all() {
    let mut list = vec![];
    let one = add(&mut list, 1);
    let two = add(&mut list, 2);
    tokio::join!(one, two);
}
pub fn run() {}
