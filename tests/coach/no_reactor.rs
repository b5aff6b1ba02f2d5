//! situation: no_reactor
//! says: Look at `exercises/

pub fn run() {
    drop(tokio::time::sleep(std::time::Duration::ZERO));
}
