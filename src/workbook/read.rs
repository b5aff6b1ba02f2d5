//! Reading a workbook: from its manifests to every file that they name.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::builtin::Builtin;
use super::fault::Faults;
use super::files::{Files, Folder};
use super::hidden::HiddenTests;
use super::implementation::{self, Implementation};
use super::learners::LearnersTests;
use super::manifest::{self, ChapterManifest};
use super::names::is_snake_case;
use super::step::{Entry, Kind};
use super::strays::{self, Named};
use super::walk::{At, Findings, suggestion};
use super::{Chapter, Dependencies, Exercise, Fails, Quiz, Step, Workbook, answers, equivalent};

const MANIFEST: &str = "exercises/workbook.toml";
const LOCK: &str = "exercises/workbook.lock";
const TESTKIT: &str = "tests/testkit";

impl Workbook {
    /// Reads the workbook in a folder that holds `exercises/`, `solutions/` and `tests/`, as far as learners need it: the
    /// right and wrong answers, which test it, are left to [`survey`](Self::survey). One without `tests/testkit` uses the
    /// built-in one.
    ///
    /// # Errors
    /// Every fault of the files that were read.
    pub fn read(root: &Path) -> Result<Self, Faults> {
        read(&Folder::new(root))
    }

    /// The nearest folder at or above `start` that holds a workbook.
    #[must_use]
    pub fn find(start: &Path) -> Option<PathBuf> {
        let start = std::path::absolute(start).ok()?;
        start.ancestors().find(|folder| folder.join(MANIFEST).is_file()).map(Path::to_path_buf)
    }

    /// As far as the workbook in a folder can be read, with every fault of all its files; `None` when there is nothing to
    /// read. For those who mend it: what a fault hides is read as its default.
    #[must_use]
    pub fn survey(root: &Path) -> (Option<Self>, Faults) {
        let findings = Findings::default();
        let files = Folder::new(root);
        let workbook = Reader::new(&files, &findings, Care::Author).workbook();
        (workbook, findings.into_result().err().unwrap_or_default())
    }

    /// Whether its exercises use the same crates in the same versions, and the same testkit, as those of the built-in workbook.
    #[must_use]
    pub fn has_builtin_dependencies(&self) -> bool {
        let findings = Findings::default();
        let reader = Reader::new(&Builtin, &findings, Care::Learner);
        let text = Builtin.read(MANIFEST).unwrap_or_default();
        let Some(manifest) = manifest::workbook(MANIFEST, &text, None, &findings) else { return false };
        let dependencies = Dependencies { lock: reader.optional(LOCK), ..manifest.dependencies };
        self.dependencies == dependencies && self.testkit == reader.testkit()
    }

    /// Reads the workbook that the program carries.
    ///
    /// # Errors
    /// Every fault of its files; there is none in a release.
    pub fn builtin() -> Result<Self, Faults> {
        read(&Builtin)
    }
}

fn read(files: &dyn Files) -> Result<Workbook, Faults> {
    let findings = Findings::default();
    let workbook = Reader::new(files, &findings, Care::Learner).workbook();
    findings.into_result().map(|()| workbook.expect("a workbook that is not there is a fault"))
}

struct Reader<'a> {
    files: &'a dyn Files,
    findings: &'a Findings,
    /// Where the step of each name is.
    places: BTreeMap<String, String>,
    /// What later steps of the chapter may build on: its exercises so far, each with its own hidden tests.
    suites: Vec<Suite>,
    /// Each name that a step had before: the file and line that say so, and its name now.
    was: Vec<(String, At<String>, String)>,
    care: Care,
}

/// The hidden tests of an exercise without those of the steps that it builds on.
struct Suite {
    step: String,
    after: Option<String>,
    own: String,
}

/// For whom a workbook is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// For those who work through it, and wait for it.
    Learner,
    /// For those who write it: every file is looked at, to its end.
    Author,
}

impl<'a> Reader<'a> {
    fn new(files: &'a dyn Files, findings: &'a Findings, care: Care) -> Self {
        Self { files, findings, places: BTreeMap::new(), suites: Vec::new(), was: Vec::new(), care }
    }

    fn workbook(mut self) -> Option<Workbook> {
        let text = match self.files.read(MANIFEST) {
            Ok(text) => text,
            Err(error) => {
                let place =
                    self.files.root().map_or("the program".to_owned(), |root| root.display().to_string());
                match error.kind() {
                    ErrorKind::NotFound => {
                        let problem = format!("is missing, so there is no workbook in {place}");
                        self.findings.add(MANIFEST, None, problem);
                    }
                    _ => self.findings.unreadable(MANIFEST, &error),
                }
                return None;
            }
        };
        // Cargo reads the paths of dependencies somewhere else.
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        let folder = self.files.root().map(|root| absolute(root.join("exercises")));
        let mut manifest = manifest::workbook(MANIFEST, &text, folder.as_deref(), self.findings)?;
        manifest.dependencies.lock = self.optional(LOCK);
        let tiers: Vec<&str> = manifest.dependencies.tiers.keys().map(String::as_str).collect();
        let tiers = manifest.whole.then_some(tiers.as_slice());

        let mut named: Named = manifest.misnamed.into_iter().map(|id| (id, None)).collect();
        let chapters: Vec<Chapter> = manifest
            .chapters
            .iter()
            .map(|id| {
                let (chapter, names) = self.chapter(id, tiers);
                named.insert(id.clone(), names);
                chapter
            })
            .collect();
        // Names lost in a file that does not parse must not make strays of their files.
        if manifest.whole && self.care == Care::Author {
            strays::find(self.files, &named, self.findings);
        }
        Some(Workbook {
            title: manifest.title,
            welcome: manifest.welcome,
            farewell: manifest.farewell,
            chapters,
            renamed: self.renamed(),
            dependencies: manifest.dependencies,
            testkit: self.testkit(),
        })
    }

    /// A chapter, and the names of its steps if they are all known.
    fn chapter(&mut self, id: &str, tiers: Option<&[&str]>) -> (Chapter, Option<BTreeSet<String>>) {
        let file = format!("exercises/{id}/chapter.toml");
        let read = self.needed(&file, "every chapter has one, with its title and its steps");
        let manifest = match &read {
            Some(text) => manifest::chapter(&file, text, id, tiers, self.findings),
            None => ChapterManifest::default(),
        };
        let readme = format!("exercises/{id}/README.md");
        let readme = self.needed(&readme, "every chapter has one, with its mental model").unwrap_or_default();
        let mut steps = Vec::new();
        self.suites.clear();
        for entry in manifest.steps {
            steps.extend(self.step(entry, &file));
        }
        let names = manifest.whole.then(|| manifest.names.into_iter().collect());
        (Chapter { id: id.to_owned(), title: manifest.title, readme, steps }, names)
    }

    /// The names that steps had before, with those of today.
    fn renamed(&self) -> BTreeMap<String, String> {
        let mut renamed = BTreeMap::new();
        for (file, At { line, value: old }, new) in &self.was {
            let problem = if !is_snake_case(old) {
                format!("`{old}` in `was` never named a step, because it is not snake_case")
            } else if let Some(place) = self.places.get(old) {
                format!(
                    "`{old}` in `was` is the current name of a step, at {place}; progress belongs to that one"
                )
            } else if let Some(other) = renamed.get(old) {
                format!(
                    "`{old}` in `was` is already a former name of `{other}`; progress can go to one step only"
                )
            } else {
                renamed.insert(old.clone(), new.clone());
                continue;
            };
            self.findings.add(file, Some(*line), problem);
        }
        renamed
    }

    fn step(&mut self, Entry { name, kind, was }: Entry, file: &str) -> Option<Step> {
        let line = name.line;
        let place = format!("{file}:{line}");
        if let Some(other) = self.places.get(&name.value) {
            self.findings.add(
                file,
                Some(name.line),
                format!("`{}` is already the name of the step at {other}; rename one", name.value),
            );
            return None;
        }
        self.was.extend(was.into_iter().map(|old| (file.to_owned(), old, name.value.clone())));
        self.places.insert(name.value, place);
        Some(match kind {
            Kind::Exercise { mut exercise, after, starter } => {
                exercise.after = after.and_then(|after| self.after(after, file));
                let mut exercise = self.exercise(*exercise);
                if let Some(starter) = starter {
                    let tests = if self.is_trusted() { &[] } else { exercise.hidden.tests() };
                    match Fails::read(&starter.value, &exercise, tests) {
                        Ok(fails) => exercise.starter_fails = Some(fails),
                        Err(problem) => self.findings.add(file, Some(starter.line), problem),
                    }
                }
                Step::Exercise(Arc::new(exercise))
            }
            Kind::Quiz(mut quiz) => {
                self.program(&mut quiz, file, line);
                Step::Quiz(Arc::new(quiz))
            }
        })
    }

    /// Reads the program of a prediction.
    fn program(&self, quiz: &mut Quiz, file: &str, line: usize) {
        let Some(path) = quiz.program_path() else { return };
        let Some(prediction) = &mut quiz.prediction else { return };
        prediction.program =
            self.needed(&path, "a prediction has its program here").unwrap_or_default().trim_end().to_owned()
                + "\n";
        if self.care == Care::Author && !prediction.program.trim().is_empty() {
            for lane in prediction.lost_lanes() {
                let problem = format!(
                    "`{lane}` in `lanes` begins with the name of no `async fn` at the top level of {path}"
                );
                self.findings.add(file, Some(line), problem);
            }
        }
    }

    /// Whether all files are known to be without problems: those that a release carries are, and learners wait for them.
    fn is_trusted(&self) -> bool {
        self.files.root().is_none() && self.care == Care::Learner
    }

    /// The exercise that one builds on, if it is one before it in its chapter.
    fn after(&self, At { line, value }: At<String>, file: &str) -> Option<String> {
        let known = self.suites.iter().map(|suite| suite.step.as_str());
        if known.clone().any(|step| step == value) {
            return Some(value);
        }
        let hint = suggestion(&value, known);
        let problem = format!("`{value}` in `after` is not an earlier exercise of this chapter; {hint}");
        self.findings.add(file, Some(line), problem);
        None
    }

    /// The hidden tests of the steps that an exercise builds on, each with its step's name, the nearest first.
    fn past(&self, exercise: &Exercise) -> Vec<(String, String)> {
        let mut past = Vec::new();
        let mut after = exercise.after.as_ref();
        while let Some(suite) = after.and_then(|step| self.suites.iter().find(|suite| suite.step == *step)) {
            past.push((suite.step.clone(), suite.own.clone()));
            after = suite.after.as_ref();
        }
        past
    }

    fn exercise(&mut self, mut exercise: Exercise) -> Exercise {
        let path = format!("{}/{}.rs", exercise.chapter, exercise.name);
        let text = |area: &str, what: &str| {
            self.needed(&format!("{area}/{path}"), &format!("an exercise has {what} here"))
        };
        exercise.starter = text("exercises", "what a learner starts from").unwrap_or_default();
        exercise.solution = text("solutions", "its reference answer").unwrap_or_default();
        if let Some(subject) = exercise.subject.clone() {
            exercise.hidden = self.implementations(&exercise, &subject);
        } else {
            let own = text("tests/hidden", "its hidden tests");
            let past = self.past(&exercise);
            match own.as_deref().map(|own| match self.is_trusted() {
                true => Ok(HiddenTests::trusted(own, &past)),
                false => HiddenTests::read(own, &past),
            }) {
                Some(Ok(hidden)) => exercise.hidden = hidden,
                Some(Err(problems)) => {
                    for (line, problem) in problems {
                        self.findings.add(&format!("tests/hidden/{path}"), Some(line), problem);
                    }
                }
                None => {}
            }
            let Exercise { name, after, .. } = &exercise;
            let own = own.unwrap_or_default();
            self.suites.push(Suite { step: name.clone(), after: after.clone(), own });
        }
        if self.care == Care::Author {
            if let Some((line, problem)) =
                exercise.hidden.syntax_error().filter(|_| exercise.subject.is_none())
            {
                self.findings.add(&format!("tests/hidden/{path}"), Some(line), problem);
            }
            // Only looked at: whoever grades them reads them again.
            answers::read(self.files, &exercise, self.findings);
            equivalent::read(self.files, &exercise, self.findings);
        }
        exercise
    }

    /// The implementations that a learner's tests are run against: the one in the starter, other right ones, and mutants, in the
    /// order of their files' names.
    fn implementations(&self, exercise: &Exercise, subject: &str) -> HiddenTests {
        let folder = format!("{}/{}/{}", implementation::FOLDER, exercise.chapter, exercise.name);
        let mut read = Vec::new();
        match LearnersTests::given(&exercise.starter, subject) {
            Some(text) => read.push((
                "as_given".to_owned(),
                "It is the one in your file.".to_owned(),
                Implementation::Right,
                text.to_owned(),
            )),
            None if exercise.starter.is_empty() => {}
            None => {
                let problem = format!("has no `mod {subject} {{ … }}`, which `subject` names");
                self.findings.add(&exercise.path(), None, problem);
            }
        }
        let is_right = |path: &String| path.starts_with(&format!("{folder}/right/"));
        let (right, mutants): (Vec<String>, Vec<String>) =
            self.files.list(&folder).into_iter().filter(|path| path.ends_with(".rs")).partition(is_right);
        for (at, path) in right.iter().chain(&mutants).enumerate() {
            let is_right = at < right.len();
            let (prefix, inside) = if is_right {
                ("right", format!("{folder}/right/"))
            } else {
                ("mutant", format!("{folder}/"))
            };
            // A file in a deeper folder is a stray, which is told elsewhere.
            let Some(name) = path[inside.len()..].strip_suffix(".rs").filter(|name| !name.contains('/'))
            else {
                continue;
            };
            let name = implementation::name(prefix, name);
            match self.files.read(path) {
                Ok(text) if self.care == Care::Author && syn::parse_file(&text).is_err() => {
                    self.findings.add(path, Some(1), "does not parse");
                }
                Ok(text) => match implementation::read(&text, is_right) {
                    Ok((about, implementation)) => read.push((name, about, implementation, text)),
                    Err(problem) => self.findings.add(path, Some(1), problem),
                },
                Err(error) => self.findings.unreadable(path, &error),
            }
        }
        if mutants.is_empty() {
            self.findings.add(
                &folder,
                None,
                "has no mutant; an exercise that is graded by mutants needs at least one",
            );
        }
        HiddenTests::of_implementations(read)
    }

    /// The sources of `tests/testkit` and its manifest, without its own tests and examples.
    fn testkit(&self) -> Vec<(String, String)> {
        let own = self.files.list(TESTKIT);
        let (files, paths): (&dyn Files, _) =
            if own.is_empty() { (&Builtin, Builtin.list(TESTKIT)) } else { (self.files, own) };
        let mut testkit = Vec::new();
        for path in paths {
            let name = &path[TESTKIT.len() + 1..];
            let own = ["tests/", "examples/", "target/"].iter().any(|folder| name.starts_with(folder));
            if own || !(name.ends_with(".rs") || name == "Cargo.toml") {
                continue;
            }
            match files.read(&path) {
                Ok(text) => testkit.push((name.to_owned(), text)),
                Err(error) => self.findings.unreadable(&path, &error),
            }
        }
        for needed in ["Cargo.toml", "lib.rs"] {
            if !testkit.iter().any(|(name, _)| name == needed) {
                let file = format!("{TESTKIT}/{needed}");
                self.findings.add(
                    &file,
                    None,
                    "is missing; add it, or delete the folder to use the built-in one",
                );
            }
        }
        testkit
    }

    fn needed(&self, file: &str, why: &str) -> Option<String> {
        match self.files.read(file) {
            Ok(text) => Some(text),
            Err(error) => {
                match error.kind() {
                    ErrorKind::NotFound => self.findings.add(file, None, format!("is missing; {why}")),
                    _ => self.findings.unreadable(file, &error),
                }
                None
            }
        }
    }

    fn optional(&self, file: &str) -> Option<String> {
        match self.files.read(file) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                self.findings.unreadable(file, &error);
                None
            }
        }
    }
}
