//! situation: plan_escapes_the_closure
//! says: still hold `n`

use std::future::Future;
pub async fn retry<F: Future>(mut f: impl FnMut() -> F) {
    f().await;
    f().await;
}
pub async fn total() {
    let mut n = 0;
    retry(|| async {
        n += 1;
    })
    .await;
}
pub fn run() {}
