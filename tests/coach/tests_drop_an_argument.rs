//! situation: tests_drop_an_argument
//! says: may hold every reference
//! exercise: lent

pub async fn run(list: &[u32]) {
    println!("{list:?}");
}
