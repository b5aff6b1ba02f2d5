//! situation: method_of_a_future_type
//! says: `len` belongs to the output
//! says: `Pin<Box<dyn Future

use std::pin::Pin;

pub async fn length(name: Pin<Box<dyn Future<Output = String> + Send>>) -> usize {
    name.len()
}
pub fn run() {}
