//! situation: broadcast_closed
//! says: that it is over

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        let (sender, mut receiver) = tokio::sync::broadcast::channel::<u32>(1);
        drop(sender);
        receiver.recv().await.unwrap();
    });
}
