//! situation: recursion
//! says: awaits itself

use std::pin::Pin;
pub fn walk(n: u32) -> impl Future<Output = u32> + Send {
    async move { if n == 0 { 0 } else { walk(n - 1).await } }
}
pub fn run() {}
