//! situation: spawn_local_outside
//! says: never leave its thread

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async { tokio::task::spawn_local(async {}) });
}
