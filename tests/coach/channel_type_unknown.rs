//! situation: channel_type_unknown
//! says: what this channel carries

pub async fn total() {
    let (tx, mut rx) = tokio::sync::mpsc::channel(1);
    drop(tx);
    rx.recv().await;
}
pub fn run() {}
