//! situation: method_of_a_trait_missing
//! says: this `impl` leaves out `wake`

use std::task::Wake;

struct Parker;

impl Wake for Parker {}

pub fn run() {}
