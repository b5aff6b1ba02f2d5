//! situation: closure_may_outlive
//! says: borrows `names`

pub fn run() {
    let names = vec!["a"];
    std::thread::spawn(|| println!("{names:?}"));
}
