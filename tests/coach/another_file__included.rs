//! situation: another_file
//! says: so `greeting.txt` does not exist for it

pub fn run() {
    let _ = include_str!("greeting.txt");
}
