//! situation: refcell_borrowed
//! says: Two borrows

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    let cell = std::cell::RefCell::new(1);
    on_engine(async {
        let first = async {
            let mut loan = cell.borrow_mut();
            tokio::task::yield_now().await;
            *loan += 1;
        };
        let second = async { *cell.borrow_mut() += 1 };
        tokio::join!(first, second);
    });
}
