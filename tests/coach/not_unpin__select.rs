//! situation: not_unpin
//! says: what nails

async fn tick() {}

pub async fn run_it() {
    let mut ticks = tick();
    tokio::select! {
        _ = &mut ticks => {}
        _ = tokio::time::sleep(std::time::Duration::ZERO) => {}
    }
}
pub fn run() {}
