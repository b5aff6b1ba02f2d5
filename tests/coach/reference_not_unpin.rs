//! situation: reference_not_unpin
//! says: keep the future in place

use std::time::Duration;
pub async fn run_it(mut ticks: impl Future<Output = ()>) {
    let _ = tokio::time::timeout(Duration::ZERO, &mut ticks).await;
}
pub fn run() {}
