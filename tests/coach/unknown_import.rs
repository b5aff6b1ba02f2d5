//! situation: unknown_import
//! says: `tokio::time::sleeep` does not exist

use tokio::time::sleeep;
pub async fn nap() {
    sleeep(std::time::Duration::ZERO).await;
}
pub fn run() {}
