//! situation: plan_without_a_size
//! says: differ in size

pub fn start() -> dyn Future<Output = u32> {
    async { 1 }
}
pub fn run() {}
