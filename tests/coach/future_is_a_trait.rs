//! situation: future_is_a_trait
//! says: is no type but a trait

pub fn start() -> Future<Output = u32> {
    async { 1 }
}
pub fn run() {}
