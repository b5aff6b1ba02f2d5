//! situation: print_a_plan
//! says: `x` is a future

pub fn run() {
    let x = async { 2 };
    println!("{x}");
}
