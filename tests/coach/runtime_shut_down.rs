//! situation: runtime_shut_down
//! says: gone or shutting down

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    let engine = Builder::new_current_thread().enable_all().build().expect("an engine");
    let handle = engine.handle().clone();
    drop(engine);
    handle.block_on(async { tokio::time::sleep(std::time::Duration::from_secs(1)).await });
}
