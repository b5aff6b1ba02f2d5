//! situation: future_is_a_trait
//! says: is a trait, not a type

pub fn start() -> Future<Output = u32> {
    async { 1 }
}
pub fn run() {}
