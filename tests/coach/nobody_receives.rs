//! situation: nobody_receives
//! says: nobody will ever take it

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        drop(receiver);
        sender.send(1).await.unwrap();
    });
}
