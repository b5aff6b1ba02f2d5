//! Bill is a plain function that returns a box without a lifetime; serve has a JoinSet, panics at the first panic and aborts the rest.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

/// Where the bytes are counted. Tests bring their own.
pub trait Meter: Send + Sync + 'static {
    fn add(&self, bytes: u64) -> impl Future<Output = ()> + Send;
}

/// The size is that of `upload` at the time of the call. The caller may change or drop the upload afterwards, and poll the
/// future then, in a task or elsewhere. The meter is told nothing before that.
pub fn bill<M: Meter>(meter: Arc<M>, upload: &[u8]) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    let bytes = upload.len() as u64;
    Box::pin(async move { meter.add(bytes).await })
}

/// Returns when the meter has been told of every upload. If the meter panics, so does `serve`.
pub async fn serve<M: Meter, U: AsRef<[u8]> + 'static>(meter: Arc<M>, uploads: impl Iterator<Item = U>) {
    let mut reports = tokio::task::JoinSet::new();
    for upload in uploads {
        reports.spawn(bill(Arc::clone(&meter), upload.as_ref()));
    }
    while let Some(report) = reports.join_next().await {
        if let Err(error) = report {
            std::panic::resume_unwind(error.into_panic());
        }
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
