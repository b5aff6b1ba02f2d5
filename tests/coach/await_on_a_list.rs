//! situation: await_on_a_list
//! says: `Vec<impl Future<Output = u32>>` is a value

async fn price(id: u32) -> u32 {
    id * 2
}

pub async fn total() {
    let plans: Vec<_> = [1, 2].into_iter().map(price).collect();
    plans.await;
}
pub fn run() {}
