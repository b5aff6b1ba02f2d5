//! Hidden tests of `mixed_futures`.

use exercise as _;

/// It runs.
#[test]
fn runs() {
    println!();
}
