//! situation: return_is_no_plan
//! says: returns `n + 1`
//! says: which is `u32`

pub fn total(n: u32) -> impl Future<Output = u32> {
    n + 1
}
pub fn run() {}
