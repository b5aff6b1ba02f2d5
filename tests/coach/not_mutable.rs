//! situation: not_mutable
//! says: introduces `rx`

pub async fn total() {
    let (tx, rx) = tokio::sync::mpsc::channel::<u32>(1);
    rx.recv().await;
}
pub fn run() {}
