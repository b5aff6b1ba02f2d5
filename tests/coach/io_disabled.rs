//! situation: io_disabled
//! says: driver for I/O

use tokio::runtime::Builder;
fn on_engine<F: Future>(plan: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("an engine").block_on(plan)
}
pub fn run() {
    let engine = Builder::new_current_thread().build().expect("an engine");
    let _ = engine.block_on(tokio::net::UdpSocket::bind("127.0.0.1:0"));
}
