//! situation: another_file
//! says: so `greeting.txt` is not there for it

pub fn run() {
    let _ = include_str!("greeting.txt");
}
