//! situation: channel_full
//! says: `try_send` does not wait

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        let (sender, _receiver) = tokio::sync::mpsc::channel(1);
        sender.try_send(1).unwrap();
        sender.try_send(2).unwrap();
    });
}
