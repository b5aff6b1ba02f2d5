//! situation: moved_into_a_plan
//! says: moved `name` into

pub fn run() {
    let name = String::from("a");
    tokio::spawn(async move { println!("{name}") });
    println!("{name}");
}
