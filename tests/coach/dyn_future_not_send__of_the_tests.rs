//! situation: dyn_future_not_send
//! says: what it says besides the output
//! exercise: moved

use std::pin::Pin;
pub fn run() -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async {})
}
