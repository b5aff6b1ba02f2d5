//! The learner's own program, run for its sake: what it prints is handed on as it comes, and nothing is judged.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use super::activity::{Activity, Watcher};
use super::bench::Grading;
use super::bench::layout::{PROGRAM, SUBMISSION};
use super::child::attend::{Ask, Asks};
use super::child::process::{self, Ended, Spec};
use super::compile::controlled;
use super::compile::rustc::Unit;
use super::grader::Grader;
use super::grading::build;
use super::grading::source::Source;
use super::store::files;
use crate::system::compiler::executable;
use crate::system::files::rename;
use crate::verdict::{Broken, CompileEnd, Compiled, Diagnostic, Evidence, HangKind};
use crate::workbook::Exercise;

/// The build folders of played programs, apart from those of gradings: neither waits for the other's compiler.
const PLAYED: &str = "played";

/// The error of a program without a `main`.
const NO_MAIN: &str = "E0601";

/// How a learner's program ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Played {
    /// By itself, with this exit code.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
    /// It never ran: the compiler refused it.
    DoesNotCompile(Vec<Diagnostic>),
    /// It never ran: it has no `main`.
    NoMain,
    /// It never ran, and that is the machine's fault.
    Broken(Broken),
}

/// What a running program lets us know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told<'a> {
    /// It has printed something, on either of its outputs.
    Printed(&'a [u8]),
    /// What its threads do: the answer to [`Ask::Look`].
    Seen(HangKind),
}

impl Grader {
    /// Compiles the learner's file as a program and runs it in `folder`, with the learner's rights and environment and
    /// without input, as `cargo run` would. There is no time limit: dropping the future kills it and all that it
    /// started. What it prints goes to `told` as it comes, errors among it; so does the answer to what is asked through
    /// `asks`, where nothing is answered before it runs.
    pub async fn play(
        &self,
        exercise: &Arc<Exercise>,
        source: &Source,
        folder: &Path,
        watch: Watcher<'_>,
        asks: UnboundedReceiver<Ask>,
        told: &dyn Fn(Told<'_>),
    ) -> Played {
        let played: Result<Played, Broken> = async {
            let text = match build::read_source(exercise, source)? {
                Ok(text) => text,
                Err(Evidence::Seen { submission, .. }) => return Ok(refused(&submission)),
                Err(Evidence::Broken(broken)) => return Err(broken),
            };
            let equipped = self.dependencies(exercise.needs.as_deref(), watch).await?;
            let grading = Grading { bench: equipped.of(&self.shared), exercise, watch };
            let bench = &grading.bench;
            let slot = bench.slot(PLAYED, &exercise.name)?;
            files::write(&slot.root.join(SUBMISSION).join(exercise.path()), &text)?;
            (grading.watch)(Activity::Compiling);
            let compiled = controlled::compile(bench, &slot.root, Unit::Program(exercise)).await?;
            if compiled.end != CompileEnd::Succeeded {
                return Ok(refused(&[compiled]));
            }
            // A name of its own, so that tools like `top` show the learner something that they know.
            let binary = slot.root.join(SUBMISSION).join(executable(&exercise.name));
            rename(&slot.root.join(SUBMISSION).join(executable(PROGRAM)), &binary)
                .map_err(|error| super::store::home::unwritable(&binary, &error))?;
            (grading.watch)(Activity::Testing { done: 0, total: 1 });
            let spec = Spec {
                program: binary.into(),
                env: std::env::vars_os().collect(),
                cwd: folder.to_owned(),
                merged: true,
                limit: Duration::MAX,
                ..Spec::default()
            };
            // Else it might ignore [`Ask::Interrupt`].
            let _handled = crate::system::signals::pass_interrupts_on();
            let seen = |kind| told(Told::Seen(kind));
            let outcome = process::run_attended(
                spec,
                &mut |_, bytes| told(Told::Printed(bytes)),
                Some(Asks::new(asks, &seen)),
            )
            .await
            .map_err(|error| Broken {
                problem: format!("failed to {error}"),
                remedy: "free some memory or close other programs, then try again".to_owned(),
            })?;
            Ok(match outcome.end {
                Ended::Exited(code) => Played::Exited(code),
                Ended::Signalled(signal) => Played::Signalled(signal),
                Ended::TimedOut(_) | Ended::Hung(_) | Ended::Waited => {
                    unreachable!("it may run as long as it likes")
                }
            })
        }
        .await;
        played.unwrap_or_else(Played::Broken)
    }
}

fn refused(submission: &[Compiled]) -> Played {
    let diagnostics: Vec<Diagnostic> =
        submission.iter().flat_map(|compiled| compiled.diagnostics.clone()).collect();
    if diagnostics.iter().any(|diagnostic| diagnostic.code.as_deref() == Some(NO_MAIN)) {
        return Played::NoMain;
    }
    Played::DoesNotCompile(diagnostics)
}
