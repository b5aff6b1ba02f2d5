//! situation: module_in_another_file
//! says: The module `helpers` would be in another file

mod helpers;

pub fn run() {
    helpers::help();
}
