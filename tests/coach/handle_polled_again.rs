//! situation: handle_polled_again
//! says: already given you its output

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        let mut handle = tokio::spawn(async { 1 });
        (&mut handle).await.expect("one");
        (&mut handle).await.expect("one again");
    });
}
