//! situation: thread_panicked
//! says: A thread panicked

pub fn run() {
    std::thread::spawn(|| panic!("out of beans")).join().unwrap();
}
