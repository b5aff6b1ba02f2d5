//! situation: runtime_dropped_inside
//! says: dropped inside async code

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        drop(Builder::new_current_thread().build().expect("a second engine"));
    });
}
