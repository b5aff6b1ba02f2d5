//! situation: another_file
//! says: so `other.rs` is not there for it

#[path = "other.rs"]
mod helpers;

pub fn run() {
    helpers::help();
}
