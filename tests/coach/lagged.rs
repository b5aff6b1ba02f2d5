//! situation: lagged
//! says: was too slow

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        let (sender, mut receiver) = tokio::sync::broadcast::channel(1);
        sender.send(1).unwrap();
        sender.send(2).unwrap();
        receiver.recv().await.unwrap();
    });
}
