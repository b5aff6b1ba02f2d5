//! `tokiolings cohort DIR`, `tokiolings cohort merge FILE…`

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use super::apart;
use super::context::{Context, note};
use super::exit::{Exit, Failure};
use super::progress::Bar;
use crate::cli::{self, CohortFiles, CohortMerge};
use crate::grader::{Draws, Home, Seed};
use crate::report;
use crate::report::cohort::{
    self, Cohort, Costs, Error, Grading, Header, Journal, Part, Partition, Place, Roster, Since, Standing,
};
use crate::screen::counted;
use crate::system::paths::real;
use crate::verdict::sanitize;

/// So many oddities of learners are told at once.
const NOTED: usize = 10;

pub(super) async fn run(context: &Context, cohort: cli::Cohort) -> Result<Exit, Failure> {
    match cohort.merge {
        Some(CohortMerge::Merge { parts, files }) => merge(context, &parts, &files),
        None => grade(context, cohort).await,
    }
}

fn merge(context: &Context, parts: &[PathBuf], files: &CohortFiles) -> Result<Exit, Failure> {
    let former = former(files)?;
    let read = |path: &PathBuf| Ok(Part { file: path.display().to_string(), cohort: read(path)? });
    let parts = parts.iter().map(read).collect::<Result<Vec<Part>, Error>>()?;
    let (cohort, doubts) = cohort::merge(parts)?;
    for doubt in doubts {
        note(Some(&format!("graded differently in two runs, as can happen on a busy machine: {doubt}")));
    }
    publish(context, &cohort, former.as_ref(), files)
}

async fn grade(context: &Context, args: cli::Cohort) -> Result<Exit, Failure> {
    let started = (SystemTime::now(), Instant::now());
    let workbook = &context.workbook;
    let roster = roster(&args)?;
    apart::check(context, &roster.places.iter().filter_map(Place::real).collect::<Vec<_>>())?;
    // Before hours of grading, not behind them.
    let former = former(&args.files)?;
    if let Some(former) = &former {
        former.comparable(args.partition.map(Partition::share))?;
    }
    let seed = args.seed.as_deref().map(Seed::read).transpose()?;
    let fingerprint = seed.as_ref().map(Seed::fingerprint).unwrap_or_default();
    context.tell_workbook();
    note_oddities(&roster);
    let grader = context.confined_grader(args.unconfined, seed.map_or(Draws::Kept, Draws::Seeded)).await?;
    let journal = match &args.state {
        Some(path) => path.clone(),
        None => state_of(&args, &cohort::edition(workbook), &fingerprint)?,
    };
    let header = Header::new(&cohort::edition(workbook), !args.unconfined, &fingerprint);
    let opened = Journal::open(&journal, &header, &cohort::columns(workbook))?;
    if !opened.known.is_empty() {
        let known = counted(opened.known.len(), "grading");
        note(Some(&format!("continuing where a run stopped, with {known} from {}", journal.display())));
    }
    if opened.lost > 0 {
        note(Some(&format!(
            "{} was cut off or damaged: {} will be done again",
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
    let exit = publish(context, &cohort, former.as_ref(), &args.files)?;
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

/// Says what the instructor should look at.
fn note_oddities(roster: &Roster) {
    for text in &roster.notes {
        note(Some(&format!("the roster: {text}")));
    }
    let of_places: Vec<String> = roster
        .places
        .iter()
        .flat_map(|place| place.notes.iter().map(|text| sanitize(&format!("`{}` {text}", place.name))))
        .collect();
    for text in of_places.iter().take(NOTED) {
        note(Some(text));
    }
    if of_places.len() > NOTED {
        note(Some(&format!("and {} more of this kind: see --json or --html", of_places.len() - NOTED)));
    }
}

/// A file for this cohort, workbook, share and seed alone, in the program's own folder: learners' folders may be read-only, and
/// are nobody's to write into.
fn state_of(args: &cli::Cohort, edition: &str, seed: &str) -> Result<PathBuf, Failure> {
    let what = args.dir.as_ref().or(args.roster.as_ref());
    let what = what.and_then(|path| real(path).ok()).unwrap_or_default();
    let share = args.partition.map(|partition| partition.to_string()).unwrap_or_default();
    let key = format!("{}\0{edition}\0{share}\0{}\0{seed}", what.display(), args.unconfined);
    let name = blake3::hash(key.as_bytes()).to_hex()[..16].to_owned();
    Ok(Home::from_environment()?.path().join("cohorts").join(format!("{name}.jsonl")))
}

fn read(path: impl AsRef<Path>) -> Result<Cohort, Error> {
    let path = path.as_ref();
    let file = File::open(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    cohort::read_json(BufReader::new(file))
        .map_err(|problem| Error::NoCohort { path: path.to_owned(), problem })
}

/// The former run that `--since` names.
struct Former {
    path: PathBuf,
    cohort: Cohort,
}

impl Former {
    fn no(&self, problem: String) -> Error {
        Error::NoCohort { path: self.path.clone(), problem }
    }

    fn comparable(&self, share: Option<(usize, usize)>) -> Result<(), Error> {
        cohort::comparable(&self.cohort, share).map_err(|problem| self.no(problem))
    }

    fn since(&self, now: &Cohort) -> Result<Since, Error> {
        cohort::since(now, &self.cohort).map_err(|problem| self.no(problem))
    }
}

fn former(files: &CohortFiles) -> Result<Option<Former>, Error> {
    let Some(path) = files.since.clone() else { return Ok(None) };
    Ok(Some(Former { cohort: read(&path)?, path }))
}

/// Writes the files that were asked for, and prints the summary.
fn publish(
    context: &Context,
    cohort: &Cohort,
    former: Option<&Former>,
    files: &CohortFiles,
) -> Result<Exit, Failure> {
    let CohortFiles { csv, json, html, since: _ } = files;
    let since = former.map(|former| former.since(cohort)).transpose()?;
    type Content<'a> = &'a dyn Fn(&mut dyn io::Write) -> io::Result<()>;
    let contents: [(_, Content<'_>); 3] = [
        (csv, &|out| cohort::write_csv(cohort, out)),
        (json, &|out| cohort::write_json(cohort, out)),
        (html, &|out| cohort::write_page(cohort, since.as_ref(), out)),
    ];
    for (path, content) in contents {
        let Some(path) = path else { continue };
        report::write_with(path, |out| content(out))
            .map_err(|source| Error::Write { path: path.clone(), source })?;
    }
    context.print(&cohort::summary(cohort, since.as_ref(), context.width()));
    let broken = cohort.learners.iter().any(|learner| cohort.count(learner, Standing::Broken) > 0);
    Ok(if broken { Exit::Broken } else { Exit::Success })
}
