//! situation: nobody_will_send
//! says: no value will ever come

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        let (sender, mut receiver) = tokio::sync::watch::channel(1);
        drop(sender);
        receiver.changed().await.expect("a change");
    });
}
