//! situation: semaphore_closed
//! says: gives out no permits

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        let permits = tokio::sync::Semaphore::new(1);
        permits.close();
        let _permit = permits.acquire().await.unwrap();
    });
}
