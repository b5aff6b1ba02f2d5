//! situation: task_cancelled
//! says: was cancelled

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        let task = tokio::spawn(std::future::pending::<()>());
        task.abort();
        task.await.unwrap();
    });
}
