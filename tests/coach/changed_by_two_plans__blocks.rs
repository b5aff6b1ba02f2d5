//! situation: changed_by_two_plans
//! says: change `n` at

pub async fn all() {
    let mut n = 0;
    let one = async { n += 1 };
    let two = async { n += 1 };
    tokio::join!(one, two);
}
pub fn run() {}
