//! situation: time_not_paused
//! says: moves a paused clock

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(tokio::time::advance(std::time::Duration::ZERO));
}
