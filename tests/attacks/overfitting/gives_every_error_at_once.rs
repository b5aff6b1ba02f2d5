//! attacks: unroll_the_macro
//! expects: failed
//! stopped by: values-at-run-time
//!
//! Does not run `app`: it returns an error whose text holds every port there is, since only one part of the
//! text is looked for.

use std::fmt::Write;
use std::io;

pub fn serve<A>(app: A) -> io::Result<()>
where
    A: Future<Output = io::Result<()>> + Send + 'static,
{
    drop(app);
    let mut text = String::new();
    for port in 0..60_000 {
        let _ = writeln!(text, "port {port} is taken");
    }
    Err(io::Error::other(text))
}

fn main() {}
