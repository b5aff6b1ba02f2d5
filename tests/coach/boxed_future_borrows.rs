//! situation: boxed_future_borrows
//! says: This one keeps `self`

use std::pin::Pin;
pub trait Api {
    fn get(&self) -> Pin<Box<dyn Future<Output = u32>>>;
}
impl Api for u32 {
    fn get(&self) -> Pin<Box<dyn Future<Output = u32>>> {
        Box::pin(async move { *self })
    }
}
pub fn run() {}
