//! situation: handle_polled_again
//! says: already given you its output

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        let (sender, mut receiver) = tokio::sync::oneshot::channel();
        sender.send(1).expect("the receiver is there");
        (&mut receiver).await.expect("one");
        (&mut receiver).await.expect("one again");
    });
}
