//! situation: another_file
//! says: so `other.rs` does not exist for it

#[path = "other.rs"]
mod helpers;

pub fn run() {
    helpers::help();
}
