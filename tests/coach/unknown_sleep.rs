//! situation: unknown_sleep
//! says: two kinds of `sleep`

pub async fn total() {
    sleep(std::time::Duration::ZERO).await;
}
pub fn run() {}
