//! The workspace's `Cargo.toml`: it shows Cargo and the editor one exercise, the current one. A package with all of
//! them would greet a learner with a hundred broken files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use crate::workbook::{Exercise, Workbook};
use crate::workspace::{Error, Workspace, disk};

/// The package's name; `Cargo.lock` has it too.
pub(super) const PACKAGE: &str = "my-tokiolings";

const BEGIN: &str = "# >>> tokiolings";
const END: &str = "# <<< tokiolings";

/// A crate that learners' own dependencies and testkit's share, with what testkit's turn on: built with other features it
/// would be another build, of Tokio and everything else above it as well. The plain name, since Cargo refuses a crate under
/// two names, and a workbook or a learner may name it too.
const AS_GRADED: &str = "# The same as in the grader's tests: so Cargo uses what the grader has built, and builds \
                         nothing twice.\n\
                         [target.'cfg(target_os = \"linux\")'.dependencies.libc]\n\
                         version = \"0.2\"\n\
                         features = [\"extra_traits\"]\n";

/// The crate of [`AS_GRADED`].
pub(super) const SHARED: &str = "libc";

/// What came of pointing `Cargo.toml` at an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointed {
    /// It shows the exercise now.
    Rewritten,
    /// It showed the exercise already.
    Unchanged,
    /// It is the learner's own: the marker comments, or the file, are gone. Deleting the file and running
    /// `tokiolings init` brings back the generated one.
    LeftAlone,
}

impl Workspace {
    /// Makes `cargo run`, `cargo test`, `cargo check` and the editor look at this exercise. Only the part between the
    /// marker comments is rewritten; what a learner wrote around it stays.
    ///
    /// # Errors
    /// `Cargo.toml` cannot be read or replaced; it is as before then.
    pub fn point_at(&self, workbook: &Workbook, exercise: &Exercise) -> Result<Pointed, Error> {
        let path = self.root().join("Cargo.toml");
        let before = match fs::read(&path) {
            Ok(before) => before,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Pointed::LeftAlone),
            Err(error) => return Err(Error::read(path)(error)),
        };
        let Some(after) = std::str::from_utf8(&before)
            .ok()
            .and_then(|before| splice(before, &generated(workbook, Some(exercise))))
        else {
            return Ok(Pointed::LeftAlone);
        };
        if after.as_bytes() == before {
            return Ok(Pointed::Unchanged);
        }
        disk::replace(&path, after.as_bytes()).map_err(Error::write(path))?;
        Ok(Pointed::Rewritten)
    }
}

/// The whole file for a new workspace.
pub(super) fn manifest(workbook: &Workbook, exercise: Option<&Exercise>) -> String {
    format!(
        "# Through this file, Cargo and your editor see one exercise: the current one.\n\
         # Add what you like outside the marked part, for example [dependencies.name] tables; exercises are graded\n\
         # without it.\n\
         \n\
         {}",
        generated(workbook, exercise)
    )
}

/// The marked part, both markers included.
fn generated(workbook: &Workbook, exercise: Option<&Exercise>) -> String {
    let (dependencies, tiers) = workbook.dependencies.features_toml();
    let mut part = format!(
        "{BEGIN}: rewritten whenever you move on, up to the end marker\n\
         [package]\n\
         name = \"{PACKAGE}\"\n\
         version = \"0.0.0\"\n\
         edition = \"2024\"\n\
         publish = false\n\
         autobins = false\n\
         autoexamples = false\n\
         autotests = false\n\
         autobenches = false\n"
    );
    if let Some(exercise) = exercise {
        let (name, path) = (quoted(&exercise.name), quoted(&exercise.path()));
        append(&mut part, format_args!("default-run = {name}\n\n[[bin]]\nname = {name}\npath = {path}\n"));
    }
    append(&mut part, format_args!("\n[dependencies]\n{dependencies}\n{AS_GRADED}"));
    // Every tier is there, so that the lock file never changes, but what no exercise up to here needs is not built.
    let default: Vec<String> = tiers_until(workbook, exercise).iter().map(|tier| quoted(tier)).collect();
    append(&mut part, format_args!("\n[features]\ndefault = [{}]\n{tiers}", default.join(", ")));

    let (rust, clippy) = lints(exercise);
    append(&mut part, format_args!("\n[lints.rust]\n{}", table(&rust)));
    if !clippy.is_empty() {
        append(&mut part, format_args!("\n[lints.clippy]\n{}", table(&clippy)));
    }
    append(
        &mut part,
        format_args!(
            "\n[profile.dev]\ndebug = \"line-tables-only\"\n[profile.dev.package.\"*\"]\ndebug = false\n\
             \n# A workspace of its own, even inside another one.\n[workspace]\n{END}\n"
        ),
    );
    part
}

/// The tiers that the exercises up to this one need.
fn tiers_until<'a>(workbook: &'a Workbook, exercise: Option<&'a Exercise>) -> BTreeSet<&'a str> {
    let Some(exercise) = exercise else { return BTreeSet::new() };
    let mut tiers = BTreeSet::new();
    for other in workbook.exercises() {
        tiers.extend(other.needs.as_deref());
        if other.name == exercise.name {
            break;
        }
    }
    tiers.extend(exercise.needs.as_deref());
    tiers.retain(|tier| workbook.dependencies.tiers.contains_key(*tier));
    tiers
}

type Lints<'a> = BTreeMap<&'a str, &'static str>;

/// The lints of rustc and of Clippy that make the editor show what the grader would say.
fn lints(exercise: Option<&Exercise>) -> (Lints<'_>, Lints<'_>) {
    let mut rust = Lints::from([("dead_code", "allow"), ("unsafe_code", "forbid")]);
    let mut clippy = Lints::new();
    if let Some(exercise) = exercise {
        if exercise.allow_unsafe {
            rust.remove("unsafe_code");
        }
        rust.extend(exercise.deny.iter().map(|lint| (lint.as_str(), "deny")));
        clippy.extend(exercise.clippy.iter().map(|lint| (lint.as_str(), "deny")));
    }
    (rust, clippy)
}

fn table(lints: &Lints<'_>) -> String {
    let mut lines = String::new();
    for (lint, level) in lints {
        append(&mut lines, format_args!("{lint} = \"{level}\"\n"));
    }
    lines
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn append(text: &mut String, more: std::fmt::Arguments<'_>) {
    text.write_fmt(more).expect("a String takes all text");
}

/// The text with its marked part replaced; `None` if it has none.
fn splice(text: &str, part: &str) -> Option<String> {
    let begin = line_starting(text, 0, BEGIN)?;
    let end = line_starting(text, begin, END)?;
    let rest = text[end..].split_once('\n').map_or("", |(_, rest)| rest);
    Some(format!("{}{part}{rest}", &text[..begin]))
}

/// Offset of the first line from `from` on that starts like this.
fn line_starting(text: &str, from: usize, start: &str) -> Option<usize> {
    let mut offset = from;
    for line in text[from..].split_inclusive('\n') {
        if line.starts_with(start) {
            return Some(offset);
        }
        offset += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::workbook::{Dependency, Step};
    use crate::workspace::fixture::{self, exercise};

    fn dependency(name: &str, spec: &str) -> Dependency {
        Dependency { name: name.into(), spec: spec.into() }
    }

    fn tiered() -> Workbook {
        let mut workbook = fixture::workbook();
        workbook.dependencies.base = vec![dependency("tokio", "\"1\"")];
        workbook.dependencies.tiers = [("codec", "bytes"), ("http", "axum")]
            .map(|(tier, name)| (tier.into(), vec![dependency(name, "\"1\"")]))
            .into();
        for (step, tier) in [(0, "codec"), (1, "http")] {
            let name = workbook.chapters[1].steps[step].name().to_owned();
            let changed = Exercise { needs: Some(tier.into()), ..exercise(&name, "02_two") };
            workbook.chapters[1].steps[step] = Step::Exercise(changed.into());
        }
        workbook
    }

    fn parsed(workbook: &Workbook, exercise: Option<&Exercise>) -> toml::Table {
        toml::from_str(&manifest(workbook, exercise)).unwrap()
    }

    fn pick<'w>(workbook: &'w Workbook, name: &str) -> &'w Arc<Exercise> {
        workbook.step(name).and_then(Step::as_exercise).unwrap()
    }

    #[test]
    fn it_shows_the_current_exercise_alone() {
        let workbook = tiered();
        let manifest = parsed(&workbook, Some(pick(&workbook, "first")));
        let bins = manifest["bin"].as_array().unwrap();
        assert_eq!(bins.len(), 1);
        assert_eq!(bins[0]["path"].as_str(), Some("exercises/01_one/first.rs"));
        assert_eq!(manifest["package"]["default-run"].as_str(), Some("first"));
        assert!(manifest.contains_key("workspace"));
    }

    #[test]
    fn a_tier_is_on_from_the_first_exercise_that_needs_it() {
        let workbook = tiered();
        let on =
            |name: &str| parsed(&workbook, Some(pick(&workbook, name)))["features"]["default"].to_string();
        assert_eq!(on("first"), "[]");
        assert_eq!(on("second"), r#"["codec"]"#);
        assert_eq!(on("third"), r#"["codec", "http"]"#);
        assert_eq!(parsed(&workbook, None)["features"]["default"].to_string(), "[]");
    }

    #[test]
    fn the_editor_is_as_strict_as_the_grader() {
        let mut workbook = tiered();
        let strict = Exercise {
            deny: vec!["unused_must_use".into(), "dead_code".into()],
            clippy: vec!["await_holding_lock".into()],
            allow_unsafe: true,
            ..exercise("first", "01_one")
        };
        workbook.chapters[0].steps[0] = Step::Exercise(strict.into());
        let lints = parsed(&workbook, Some(pick(&workbook, "first")))["lints"].clone();
        assert_eq!(lints["rust"].to_string(), r#"{ dead_code = "deny", unused_must_use = "deny" }"#);
        assert_eq!(lints["clippy"].to_string(), r#"{ await_holding_lock = "deny" }"#);
        let lints = parsed(&workbook, Some(pick(&workbook, "second")))["lints"].clone();
        assert_eq!(lints.to_string(), r#"{ rust = { dead_code = "allow", unsafe_code = "forbid" } }"#);
    }

    #[test]
    fn moving_on_leaves_what_the_learner_added() {
        let workbook = tiered();
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(folder.path().to_path_buf());
        let path = folder.path().join("Cargo.toml");
        let [first, third] = ["first", "third"].map(|name| pick(&workbook, name));
        assert_eq!(workspace.point_at(&workbook, first).unwrap(), Pointed::LeftAlone, "there is no file");

        let mine = |exercise| {
            format!(
                "# mine\r\n{}\n[dependencies.anyhow]\nversion = \"1\"",
                manifest(&workbook, Some(exercise))
            )
        };
        fs::write(&path, mine(first)).unwrap();
        assert_eq!(workspace.point_at(&workbook, first).unwrap(), Pointed::Unchanged);
        assert_eq!(workspace.point_at(&workbook, third).unwrap(), Pointed::Rewritten);
        let now = fs::read_to_string(&path).unwrap();
        assert_eq!(now, mine(third));
        toml::from_str::<toml::Table>(&now).unwrap();
    }

    #[test]
    fn without_both_markers_in_order_the_file_is_left_alone() {
        let workbook = tiered();
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(folder.path().to_path_buf());
        let path = folder.path().join("Cargo.toml");
        for text in [
            "",
            "[package]\n",
            "# >>> tokiolings\n",
            "# <<< tokiolings\n# >>> tokiolings\n",
            "x # >>> tokiolings\n# <<< tokiolings",
        ] {
            fs::write(&path, text).unwrap();
            let pointed = workspace.point_at(&workbook, pick(&workbook, "first")).unwrap();
            assert_eq!((pointed, fs::read_to_string(&path).unwrap().as_str()), (Pointed::LeftAlone, text));
        }
        fs::write(&path, b"# >>> tokiolings\n\xff\n# <<< tokiolings").unwrap();
        assert_eq!(workspace.point_at(&workbook, pick(&workbook, "first")).unwrap(), Pointed::LeftAlone);
    }

    #[test]
    fn an_end_marker_on_the_last_line_needs_no_newline() {
        assert_eq!(splice("a\n# >>> tokiolings\nb\n# <<< tokiolings", "P\n").as_deref(), Some("a\nP\n"));
        assert_eq!(splice("# >>> tokiolings x\r\n# <<< tokiolings\r\nc", "P\n").as_deref(), Some("P\nc"));
    }
}
