//! situation: unknown_name
//! says: `receipt` is not known

pub async fn total() {
    async {
        let receipt = 1;
    }
    .await;
    println!("{receipt}");
}
pub fn run() {}
