//! situation: print_a_plan
//! says: `x` is a plan

pub fn run() {
    let x = async { 2 };
    println!("{x}");
}
