//! situation: await_on_a_function
//! says: Nobody has called it

pub fn run() {
    tokio::spawn(async || println!("x"));
}
