//! Many submissions in fewer compiles.
//!
//! Linking is two thirds of what a grading costs, and most of that is the same for every program. So the hidden tests
//! of several submissions become modules of one program. Each submission stays a library of its own: nothing of one can
//! reach another, and the compiler's words about it are the same as ever. Should the program not compile, the modules
//! that the errors name are graded by themselves, and the rest is compiled again.

use std::collections::BTreeSet;
use std::path::Path;

use futures_util::future::join_all;
use tokio::sync::{Semaphore, mpsc};

use super::build::{self, Submitted};
use crate::grader::bench::layout::{HIDDEN, HIDDEN_FILE};
use crate::grader::bench::{Bench, Grading};
use crate::grader::compile::controlled;
use crate::grader::compile::rustc::{Linked, Said};
use crate::grader::run::execute::TestProgram;
use crate::grader::store::files;
use crate::verdict::{Broken, CompileEnd, Compiled, Evidence};
use crate::workbook::HiddenTests;

/// One submission among many.
pub(in crate::grader) struct Job<'a> {
    /// Its place in the caller's list.
    pub(in crate::grader) index: usize,
    pub(in crate::grader) grading: Grading<'a>,
    pub(in crate::grader) source: &'a str,
    /// How often its hidden tests are run.
    pub(in crate::grader) times: usize,
}

/// What came of a job, as soon as it is known.
pub(in crate::grader) type Found = (usize, Result<Vec<Evidence>, Broken>);

/// The most submissions in one program. Beyond it a program gains little, and the first verdict comes late.
const MOST: usize = 16;

/// Fewer in one program gain nothing by it.
const FEWEST: usize = 4;

/// How often the rest of a program is compiled again without what spoilt it. After that each is compiled alone: an
/// error of one phase of the compiler hides those of later phases, and there are not more phases than these.
const ROUNDS: usize = 3;

/// Compiles and runs all jobs. Their evidence comes through `found` in no particular order.
pub(in crate::grader) async fn gather(
    bench: Bench<'_>,
    jobs: Vec<Job<'_>>,
    found: &mpsc::UnboundedSender<Found>,
) {
    // So many programs compile at once: one a core, and one more that keeps a core busy while another links.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let compiling = Semaphore::new(cores + 1);
    let programs = jobs.len().div_ceil(MOST).max(cores.min(jobs.len() / FEWEST)).max(1);
    let mut chunks: Vec<Vec<Job<'_>>> = (0..programs).map(|_| Vec::new()).collect();
    let total = jobs.len();
    for (at, job) in jobs.into_iter().enumerate() {
        // Neighbours stay together: the same exercises meet in the same program the next time, and the compiler's
        // incremental state fits.
        chunks[at * programs / total].push(job);
    }
    join_all(chunks.into_iter().map(|chunk| gather_chunk(bench, chunk, &compiling, found))).await;
}

/// A submission that compiled, with the job that it comes from.
struct Ready<'a> {
    job: Job<'a>,
    submitted: Submitted,
    module: String,
}

async fn gather_chunk(
    bench: Bench<'_>,
    jobs: Vec<Job<'_>>,
    compiling: &Semaphore,
    found: &mpsc::UnboundedSender<Found>,
) {
    let turn = compiling.acquire().await.expect("the semaphore is never closed");
    let submitted = join_all(jobs.into_iter().map(|job| async {
        let submitted = build::submit(&job.grading, job.source).await;
        (job, submitted)
    }))
    .await;
    let mut ready = Vec::new();
    for (job, submitted) in submitted {
        match submitted {
            Ok(submitted) if submitted.compiled() => {
                let module = format!("{}_{}", job.grading.exercise.name, ready.len());
                ready.push(Ready { job, submitted, module });
            }
            Ok(refused) => tell(found, job.index, Ok(vec![refused.evidence(None)])),
            Err(broken) => tell(found, job.index, Err(broken)),
        }
    }
    // Whose tests are the learner's own has a program of its own anyway.
    let own = |ready: &Ready<'_>| ready.job.grading.exercise.subject.is_some();
    let (apart, ready): (Vec<_>, Vec<_>) = ready.into_iter().partition(own);
    let (program, mut alone) = link(bench, ready).await;
    alone.extend(apart);
    drop(turn);
    let alone = alone.into_iter().map(|Ready { job, submitted, .. }| async move {
        tell(found, job.index, build::finish_alone(&job.grading, &submitted, job.times).await);
    });
    let together = async {
        let Some(Linkage { ready, share, slot }) = program else { return };
        let binary = controlled::program(&slot.root);
        join_all(ready.into_iter().map(|Ready { job, submitted, module }| {
            let hidden = &share;
            // Behind walls no two submissions share a program.
            let program = TestProgram { binary: binary.clone(), module: Some(module), walls: None };
            async move {
                let runs = build::finish(&job.grading, &submitted, hidden, &program, job.times).await;
                tell(found, job.index, runs);
            }
        }))
        .await;
    };
    tokio::join!(join_all(alone), together);
}

/// The program of many submissions, and who is in it.
struct Linkage<'a> {
    ready: Vec<Ready<'a>>,
    /// What the compile was for each of them.
    share: Compiled,
    slot: crate::grader::store::home::Slot,
}

/// One program of as many as possible, and the others.
async fn link<'a>(bench: Bench<'_>, mut ready: Vec<Ready<'a>>) -> (Option<Linkage<'a>>, Vec<Ready<'a>>) {
    let mut alone = Vec::new();
    for _ in 0..ROUNDS {
        if ready.len() < 2 {
            break;
        }
        let first = ready[0].job.grading.exercise;
        // What stops this program does not stop one of a single submission, or is said there.
        let Ok(slot) = bench.slot("programs", &first.name) else { break };
        let Ok(said) = compile(bench, &slot.root, &ready).await else { break };
        if said.end == CompileEnd::Succeeded {
            let took = said.took / u32::try_from(ready.len()).unwrap_or(u32::MAX);
            let share = Compiled { end: said.end, diagnostics: Vec::new(), took };
            return (Some(Linkage { ready, share, slot }), alone);
        }
        let spoilt = spoilt(&said, &ready);
        if spoilt.is_empty() {
            break;
        }
        let (bad, good) = ready.into_iter().partition(|ready| spoilt.contains(&ready.module));
        ready = good;
        alone.extend::<Vec<_>>(bad);
    }
    alone.extend(ready);
    (None, alone)
}

async fn compile(bench: Bench<'_>, slot: &Path, ready: &[Ready<'_>]) -> Result<Said, Broken> {
    let mut linked: Vec<Linked> = Vec::with_capacity(ready.len());
    let mut files = Vec::with_capacity(ready.len());
    for Ready { job, submitted, module } in ready {
        let name = format!("exercise_{module}");
        let file = format!("{module}/{HIDDEN_FILE}");
        let text = job.grading.exercise.hidden.module(module, &name);
        files::write(&slot.join(HIDDEN).join(&file), &text)?;
        linked.push(submitted.linked(&name));
        files.push(file);
    }
    let modules: Vec<(&str, &str)> =
        ready.iter().zip(&files).map(|(ready, file)| (ready.module.as_str(), file.as_str())).collect();
    controlled::link(&bench, slot, &HiddenTests::larger_program(&modules), &linked, None).await
}

/// The modules that errors name.
fn spoilt(said: &Said, ready: &[Ready<'_>]) -> BTreeSet<String> {
    let mut spoilt = BTreeSet::new();
    for message in said.messages.iter().filter(|message| message.is_error()) {
        for file in message.files() {
            let named = ready
                .iter()
                .find(|ready| file.strip_prefix(&ready.module).is_some_and(|rest| rest.starts_with('/')));
            spoilt.extend(named.map(|ready| ready.module.clone()));
        }
    }
    spoilt
}

fn tell(found: &mpsc::UnboundedSender<Found>, index: usize, evidence: Result<Vec<Evidence>, Broken>) {
    // Nobody listens any more when the check was stopped.
    let _ = found.send((index, evidence));
}
