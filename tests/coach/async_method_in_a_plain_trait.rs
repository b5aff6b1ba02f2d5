//! situation: async_method_in_a_plain_trait
//! says: Compare `get` with

pub trait Api {
    fn get(&self) -> u32;
}
pub struct A;
impl Api for A {
    async fn get(&self) -> u32 {
        1
    }
}
pub fn run() {}
