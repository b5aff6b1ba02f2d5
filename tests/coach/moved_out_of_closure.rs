//! situation: moved_out_of_closure
//! says: take `name` away

pub async fn retry<F: Future>(mut f: impl FnMut() -> F) {
    f().await;
    f().await;
}
pub async fn total() {
    let name = String::new();
    retry(|| async move {
        drop(name);
    })
    .await;
}
pub fn run() {}
