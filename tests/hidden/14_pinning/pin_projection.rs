//! Hidden tests of `pin_projection`.

use exercise as _;

/// It runs.
#[test]
fn runs() {
    println!();
}
