//! situation: not_unpin
//! says: through a plain reference

async fn tick() {}

pub async fn run_it() {
    let mut ticks = tick();
    tokio::select! {
        _ = &mut ticks => {}
        _ = tokio::time::sleep(std::time::Duration::ZERO) => {}
    }
}
pub fn run() {}
