//! situation: stack_overflow
//! says: a very deep chain

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
fn count(n: u64) -> std::pin::Pin<Box<dyn Future<Output = u64>>> {
    Box::pin(async move { if n == 0 { 0 } else { 1 + count(n - 1).await } })
}
pub fn run() {
    on_engine(count(1_000_000));
}
