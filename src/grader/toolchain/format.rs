//! Whether files are formatted as rustfmt would.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Toolchain;
use crate::grader::child::environment;
use crate::grader::child::process::{self, Ended, Spec, Stream};
use crate::verdict::Broken;

/// A thousand files take a second.
const LIMIT: Duration = Duration::from_secs(60);

/// The files that rustfmt would change, with the first line of each.
pub(in crate::grader) async fn unformatted(
    toolchain: &Toolchain,
    files: &[PathBuf],
) -> Result<Vec<(PathBuf, usize)>, Broken> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let remedy = "install it with `rustup component add rustfmt`".to_owned();
    if !toolchain.has("rustfmt") {
        return Err(Broken { problem: "rustfmt is missing".to_owned(), remedy });
    }
    let mut args: Vec<OsString> = ["--check", "--edition", "2024", "--color", "never"].map(Into::into).into();
    args.extend(files.iter().map(Into::into));
    let spec = Spec {
        program: toolchain.program("rustfmt"),
        args,
        env: environment::compiler(),
        cwd: std::env::temp_dir(),
        limit: LIMIT,
        ..Spec::default()
    };
    let (mut said, mut complaint) = (Vec::new(), Vec::new());
    let outcome = process::run(spec, &mut |stream, bytes| match stream {
        Stream::Out => said.extend_from_slice(bytes),
        Stream::Err => complaint.extend_from_slice(bytes),
    })
    .await
    .map_err(|error| Broken { problem: format!("failed to {error}"), remedy: remedy.clone() })?;
    let different = differences(&String::from_utf8_lossy(&said));
    // It ends with 1 when a file differs, and when it could not read one; the compiler says more about the latter.
    if outcome.end != Ended::Exited(0) && different.is_empty() && complaint.is_empty() {
        return Err(Broken { problem: "rustfmt failed and printed nothing".to_owned(), remedy });
    }
    Ok(different)
}

/// Reads `Diff in <file>:<line>:`, the first of each file.
fn differences(said: &str) -> Vec<(PathBuf, usize)> {
    let mut found: Vec<(PathBuf, usize)> = Vec::new();
    for line in said.lines() {
        let place = line.strip_prefix("Diff in ").and_then(|rest| rest.strip_suffix(':'));
        let Some((file, line)) = place.and_then(|place| place.rsplit_once(':')) else { continue };
        let (Ok(line), file) = (line.parse(), Path::new(file)) else { continue };
        if found.iter().all(|(known, _)| known != file) {
            found.push((file.to_owned(), line));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_of_each_file_is_kept() {
        let said =
            "Diff in /a/b.rs:3:\n-fn main() { }\n+fn main() {}\nDiff in /a/b.rs:9:\n x\nDiff in /c.rs:1:\n";
        let expected = [(PathBuf::from("/a/b.rs"), 3), (PathBuf::from("/c.rs"), 1)];
        assert_eq!(differences(said), expected);
        assert_eq!(differences(""), []);
    }
}
