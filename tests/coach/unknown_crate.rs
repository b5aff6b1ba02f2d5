//! situation: unknown_crate
//! says: `futures` is no crate

use futures::future::join_all;
pub async fn total() {}
pub fn run() {}
