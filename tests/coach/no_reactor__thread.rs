//! situation: no_reactor
//! says: looked for a Tokio runtime

pub fn run() {
    let alarm = std::thread::spawn(|| drop(tokio::time::sleep(std::time::Duration::ZERO)));
    assert!(alarm.join().is_ok(), "the alarm never rang");
}
