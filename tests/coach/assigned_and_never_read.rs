//! situation: assigned_and_never_read
//! says: `count` gets a value

pub fn run() {
    let mut count = 0;
    println!("{count}");
    count += 1;
}
