//! situation: select_all_disabled
//! says: no branch was left

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    on_engine(async {
        tokio::select! { Some(n) = async { None::<u32> } => println!("{n}") }
    });
}
