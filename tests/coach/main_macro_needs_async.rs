//! situation: main_macro_needs_async
//! says: no plan

#[tokio::main]
fn main() {
    println!("x");
}
pub fn run() {}
