//! fails: an_upload_does_not_live_longer_than_its_turn
//! says: earlier upload was still there. An upload is dropped before `serve` takes the next one: what a
//!
//! Each upload is dropped before serve takes the next one: here it is dropped at the end of the turn, after the next one was taken.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

/// Where the bytes are counted. Tests bring their own.
pub trait Meter: Send + Sync + 'static {
    fn add(&self, bytes: u64) -> impl Future<Output = ()> + Send;
}

/// The size is that of `upload` at the time of the call. The caller may change or drop the upload afterwards, and poll the
/// future then, in a task or elsewhere. The meter is told nothing before that.
pub fn bill<M: Meter>(meter: Arc<M>, upload: &[u8]) -> impl Future<Output = ()> + use<M> {
    let bytes = upload.len() as u64;
    async move { meter.add(bytes).await }
}

/// Returns when the meter has been told of every upload. If the meter panics, so does `serve`.
pub async fn serve<M: Meter, U: AsRef<[u8]> + 'static>(meter: Arc<M>, mut uploads: impl Iterator<Item = U>) {
    let mut reports = Vec::new();
    let mut current = uploads.next();
    while let Some(upload) = current {
        reports.push(tokio::spawn(bill(Arc::clone(&meter), upload.as_ref())));
        current = uploads.next();
    }
    for report in reports {
        report.await.expect("the meter does not panic");
    }
}

struct Ledger;

impl Meter for Ledger {
    async fn add(&self, bytes: u64) {
        sleep(Duration::from_millis(200)).await;
        println!("{bytes} bytes");
    }
}

#[tokio::main]
async fn main() {
    let photos = (1..=3).map(|number| vec![0; 1_000_000 * number]);
    serve(Arc::new(Ledger), photos).await;
}
