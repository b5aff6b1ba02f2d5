//! situation: main_macro_option
//! says: called `flavour`

#[tokio::main(flavour = "current_thread")]
async fn main() {
    println!("x");
}
pub fn run() {}
