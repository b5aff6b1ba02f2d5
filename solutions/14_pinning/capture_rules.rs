//! The size is computed at the call, and the signature says that the upload is not needed afterwards.
//!
//! Since edition 2024, a returned `impl Future` may hold every reference among the arguments, and a caller has to expect
//! that it does. So the future of `bill` counted as a borrow of the upload. `spawn` takes no borrow, because the task may outlive
//! it. `use<M>` names all that the future holds: a type parameter always has to be there, and the lifetime of `upload` is not.
//!
//! `use<M>` alone is refused (E0700), because the block still used the upload. `async move` moves the reference into the block, not
//! the bytes behind it. Computing the size before the block keeps the promise, and it also decides *when* the size is taken: at the
//! call, and not when somebody polls.
//!
//! An `async fn` cannot make this promise: it captures all of its arguments, in every edition. `-> impl Future + 'static` makes
//! nearly the same one, if `M` lives long enough.

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
pub async fn serve<M: Meter, U: AsRef<[u8]> + 'static>(meter: Arc<M>, uploads: impl Iterator<Item = U>) {
    let mut reports = Vec::new();
    for upload in uploads {
        reports.push(tokio::spawn(bill(Arc::clone(&meter), upload.as_ref())));
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
