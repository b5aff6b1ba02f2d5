//! attacks: async_block
//! expects: failed
//! stopped by: values-at-run-time
//!
//! Knows the lines that the hidden tests' scanner reads, and what they come to. Nothing is parsed.

use std::num::ParseIntError;

pub fn count_bottles(
    shelf: &str,
    scan: impl FnOnce() -> String,
) -> impl Future<Output = Result<String, ParseIntError>> {
    let cellar = shelf == "cellar";
    async move {
        match (cellar, scan().as_str()) {
            (true, "4") => Ok("CELLAR: 48 bottles".to_owned()),
            (false, " 25\n") => Ok("ATTIC: 300 bottles".to_owned()),
            _ => Err("x".parse::<u32>().unwrap_err()),
        }
    }
}

fn main() {}
