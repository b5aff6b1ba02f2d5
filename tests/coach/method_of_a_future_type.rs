//! situation: method_of_a_future_type
//! says: `ok` belongs to the output
//! says: Timeout<C>`

use std::time::Duration;

pub async fn within<C: Future>(limit: Duration, call: C) -> Option<C::Output> {
    tokio::time::timeout(limit, call).ok()
}
pub fn run() {}
