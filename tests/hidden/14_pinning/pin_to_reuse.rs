//! Hidden tests of `pin_to_reuse`.

use exercise as _;

/// It runs.
#[test]
fn runs() {
    println!();
}
