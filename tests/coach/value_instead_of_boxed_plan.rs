//! situation: value_instead_of_boxed_plan
//! says: `u32` is a finished value

use std::pin::Pin;
pub fn total(n: u32) -> Pin<Box<dyn Future<Output = u32>>> {
    n + 1
}
pub fn run() {}
