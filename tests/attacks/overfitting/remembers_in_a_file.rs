//! attacks: unroll_the_macro
//! expects: failed
//! stopped by: values-at-run-time
//!
//! Writes each error down in files and hands out the one of an earlier test, or of an earlier grading, without
//! carrying `app` out. The texts are drawn anew in each run.

use std::{env, fs, io};

pub fn serve<A>(app: A) -> io::Result<()>
where
    A: Future<Output = io::Result<()>> + Send + 'static,
{
    drop(app);
    for folder in [env::temp_dir(), "..".into(), "../..".into()] {
        let memory = folder.join("attack-remembers");
        let before = fs::read_to_string(&memory);
        let _ = fs::remove_file(&memory);
        if let Ok(text) = before {
            return Err(io::Error::other(text));
        }
        let _ = fs::write(memory, "port 80 is taken");
    }
    Ok(())
}

fn main() {}
