//! `tokiolings cohort DIR`, `tokiolings cohort merge FILE…`

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use super::context::{Context, note};
use super::exit::{Exit, Failure};
use super::progress::Bar;
use crate::cli::{self, CohortFiles, CohortMerge};
use crate::grader::Home;
use crate::report;
use crate::report::cohort::{self, Cohort, Costs, Error, Grading, Header, Journal, Part, Roster, Standing};
use crate::screen::counted;

pub(super) async fn run(context: &Context, cohort: cli::Cohort) -> Result<Exit, Failure> {
    match cohort.merge {
        Some(CohortMerge::Merge { parts, files }) => merge(context, &parts, &files),
        None => grade(context, cohort).await,
    }
}

fn merge(context: &Context, parts: &[PathBuf], files: &CohortFiles) -> Result<Exit, Failure> {
    let read = |path: &PathBuf| Ok(Part { file: path.display().to_string(), cohort: read(path)? });
    let parts = parts.iter().map(read).collect::<Result<Vec<Part>, Error>>()?;
    let (cohort, doubts) = cohort::merge(parts)?;
    for doubt in doubts {
        note(Some(&format!("judged in two ways, as a busy machine can: {doubt}")));
    }
    publish(context, &cohort, files)
}

async fn grade(context: &Context, args: cli::Cohort) -> Result<Exit, Failure> {
    let started = (SystemTime::now(), Instant::now());
    let workbook = &context.workbook;
    let roster = roster(&args)?;
    let grader = context.confined_grader(args.unconfined).await?;
    let journal = match &args.state {
        Some(path) => path.clone(),
        None => state_of(&args, &cohort::edition(workbook))?,
    };
    let header = Header::new(&cohort::edition(workbook), !args.unconfined);
    let opened = Journal::open(&journal, &header, &cohort::columns(workbook))?;
    if !opened.known.is_empty() {
        let known = opened.known.len();
        note(Some(&format!(
            "going on where a run stopped, with {} from {}",
            counted(known, "grading"),
            journal.display()
        )));
    }
    if opened.lost > 0 {
        note(Some(&format!(
            "{} was cut off or damaged: {} to be done again",
            journal.display(),
            counted(opened.lost, "grading")
        )));
    }
    let bar = Bar::start("read learners:", roster.places.len());
    let scanned = cohort::scan(workbook, &roster, &|name| bar.done(name)).await;
    drop(bar);
    let bar = Bar::start("graded submissions:", scanned.texts.len());
    let preparing = |activity| bar.hear(&activity);
    let grading = Grading { grader: &grader, confined: !args.unconfined, roster, scanned, opened, started };
    let (cohort, journal) = cohort::grade(grading, &preparing, &|name| bar.done(name)).await?;
    drop(bar);
    let run = &cohort.run;
    note(Some(&format!(
        "{} graded, {} taken from the run before; {:.0} s",
        counted(run.graded, "submission"),
        run.resumed,
        run.seconds
    )));
    let exit = publish(context, &cohort, &args.files)?;
    journal.finish()?;
    Ok(exit)
}

fn roster(args: &cli::Cohort) -> Result<Roster, Failure> {
    let roster = match (&args.dir, &args.roster) {
        (Some(dir), _) => Roster::of_folder(dir)?,
        (None, Some(file)) => Roster::of_file(file)?,
        (None, None) => return Err(Failure::Usage("find learners: name a folder, or a --roster".to_owned())),
    };
    let costs = args.costs.as_deref().map(read).transpose()?.map(|former| cohort::costs(&former));
    Ok(match args.partition {
        Some(partition) => partition.of(roster, costs.as_ref() as Option<&Costs>),
        None => roster,
    })
}

/// A file for this cohort, workbook and share alone, in the program's own folder: learners' folders may be read-only, and
/// are nobody's to write into.
fn state_of(args: &cli::Cohort, edition: &str) -> Result<PathBuf, Failure> {
    let what = args.dir.as_ref().or(args.roster.as_ref());
    let what = what.and_then(|path| path.canonicalize().ok()).unwrap_or_default();
    let share = args.partition.map(|partition| partition.to_string()).unwrap_or_default();
    let key = format!("{}\0{edition}\0{share}\0{}", what.display(), args.unconfined);
    let name = blake3::hash(key.as_bytes()).to_hex()[..16].to_owned();
    Ok(Home::from_environment()?.path().join("cohorts").join(format!("{name}.jsonl")))
}

fn read(path: impl AsRef<Path>) -> Result<Cohort, Error> {
    let path = path.as_ref();
    let file = File::open(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    cohort::read_json(BufReader::new(file))
        .map_err(|problem| Error::NoCohort { path: path.to_owned(), problem })
}

/// Writes the files that were asked for, and prints the summary.
fn publish(context: &Context, cohort: &Cohort, files: &CohortFiles) -> Result<Exit, Failure> {
    let CohortFiles { csv, json, html } = files;
    type Content = fn(&Cohort, &mut dyn io::Write) -> io::Result<()>;
    let contents: [(_, Content); 3] =
        [(csv, cohort::write_csv), (json, cohort::write_json), (html, cohort::write_page)];
    for (path, content) in contents {
        let Some(path) = path else { continue };
        report::write_with(path, |out| content(cohort, out))
            .map_err(|source| Error::Write { path: path.clone(), source })?;
    }
    context.print(&cohort::summary(cohort, context.width()));
    let broken = cohort.learners.iter().any(|learner| cohort.count(learner, Standing::Broken) > 0);
    Ok(if broken { Exit::Broken } else { Exit::Success })
}
