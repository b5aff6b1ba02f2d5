//! situation: import_missing
//! says: `Mutex` exists

pub fn run() {
    let count = Mutex::new(0);
    drop(count);
}
