//! situation: unknown_path
//! says: `Arc` is not known

pub fn run() {
    let x = Arc::new(1);
    drop(x);
}
