//! situation: closure_changes_its_capture
//! says: changes `sent`, which it has captured

async fn twice(send: impl AsyncFn(u32)) {
    send(1).await;
    send(2).await;
}

pub async fn count() -> u32 {
    let mut sent = 0;
    twice(async |number| sent += number).await;
    sent
}
pub fn run() {}
