//! situation: tests_miss_an_item
//! says: do not find `run`

pub fn ran() {}
