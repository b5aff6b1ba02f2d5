//! Hidden tests of `recursion`.

use exercise as _;

/// It runs.
#[test]
fn runs() {
    println!();
}
