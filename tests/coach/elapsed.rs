//! situation: elapsed
//! says: The time was up

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        tokio::time::timeout(std::time::Duration::ZERO, std::future::pending::<()>()).await.unwrap()
    });
}
