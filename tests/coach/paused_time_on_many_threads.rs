//! situation: paused_time_on_many_threads
//! says: runtime with a single thread

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    let engine = Builder::new_multi_thread().enable_all().build().expect("an engine");
    engine.block_on(async { tokio::time::pause() });
}
