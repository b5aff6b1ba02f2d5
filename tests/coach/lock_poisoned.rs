//! situation: lock_poisoned
//! says: half changed

pub fn run() {
    let lock = std::sync::Mutex::new(1);
    let _ = std::panic::catch_unwind(|| {
        let _guard = lock.lock().unwrap();
        panic!("in the middle");
    });
    drop(lock.lock().unwrap());
}
