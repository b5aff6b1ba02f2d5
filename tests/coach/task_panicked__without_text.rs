//! situation: task_panicked
//! says: in the output

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async { tokio::spawn(async { std::panic::panic_any(1) }).await.unwrap() });
}
