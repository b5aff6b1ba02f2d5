//! attacks: lazy_call
//! expects: does_not_compile
//! says: No such file
//! needs: confinement
//! stopped by: confinement-files
//!
//! Includes the solution from the repository.

#[path = "{{ROOT}}/solutions/01_inert_plans/lazy_call.rs"]
mod solution;

pub use solution::{Room, greet};

fn main() {}
