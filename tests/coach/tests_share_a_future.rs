//! situation: tests_share_a_future
//! says: at the same time (`Sync`)
//! exercise: implemented

pub trait Api {
    fn get(&self) -> impl Future<Output = u32> + Send + Sync;
}
pub fn run(_: impl Api) {}
