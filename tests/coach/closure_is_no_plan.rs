//! situation: closure_is_no_plan
//! says: A closure is code

pub fn run() {
    tokio::spawn(|| println!("x"));
}
