//! situation: method_is_no_plan
//! says: promises that `Api::get`
//! says: returns `u32`

pub trait Api {
    fn get(&self) -> impl Future<Output = u32>;
}
pub struct A;
impl Api for A {
    fn get(&self) -> u32 {
        1
    }
}
pub fn run() {}
