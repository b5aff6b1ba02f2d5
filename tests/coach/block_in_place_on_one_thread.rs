//! situation: block_in_place_on_one_thread
//! says: only one thread

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async { tokio::task::block_in_place(|| 1) });
}
