//! situation: blocking_in_a_runtime
//! says: begins with `blocking_`

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        let (_sender, mut receiver) = tokio::sync::mpsc::channel::<u32>(1);
        receiver.blocking_recv();
    });
}
