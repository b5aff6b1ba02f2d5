//! attacks: unroll_the_macro
//! expects: failed
//! stopped by: values-at-run-time
//!
//! Catches every panic of `app`, in which the hidden tests look around, and says that all went well.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub fn serve<A>(app: A) -> io::Result<()>
where
    A: Future<Output = io::Result<()>> + Send + 'static,
{
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let _ = catch_unwind(AssertUnwindSafe(|| rt.block_on(async { tokio::spawn(app).await })));
    Ok(())
}

fn main() {}
