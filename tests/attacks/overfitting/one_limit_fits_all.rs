//! attacks: context_first
//! expects: failed
//! stopped by: values-at-run-time
//!
//! Ignores the limit that it is given: the hidden tests are expected to ask for 100 ms each time.

use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::time::timeout;

pub fn call_within<C: Future>(rt: &Runtime, _limit: Duration, call: C) -> Option<C::Output> {
    rt.block_on(async { timeout(Duration::from_millis(100), call).await }).ok()
}

fn main() {}
