//! situation: unknown_crate
//! says: `futures` is not a crate

use futures::future::join_all;
pub async fn total() {}
pub fn run() {}
