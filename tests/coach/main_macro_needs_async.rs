//! situation: main_macro_needs_async
//! says: no future

#[tokio::main]
fn main() {
    println!("x");
}
pub fn run() {}
