//! `cohort` as a shell sees it: learners of every kind, graded, shared out, merged, stopped and resumed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const CHAPTER: &str = "01_inert_plans";
const SCRIPT: &str = "<script>alert(1)</script>";

/// A workbook of the first chapter alone, and a cohort of it:
///
/// | learner | has |
/// |---|---|
/// | `<script>…` | every solution, and claims them |
/// | `=1+1` | starters |
/// | claims | starters, and claims that all are solved |
/// | gone | no folder |
/// | linked | a link out of the folder in place of `lazy_call`, no `plan_order` |
/// | wrong | a wrong answer to `lazy_call`, the solution of `plan_order`, both claimed |
struct Place {
    folder: TempDir,
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        let book = place.path("book");
        for part in ["exercises", "solutions", "tests/hidden"] {
            copy(&root().join(part).join(CHAPTER), &book.join(part).join(CHAPTER));
        }
        copy(&root().join("tests/testkit"), &book.join("tests/testkit"));
        fs::copy(root().join("exercises/workbook.lock"), book.join("exercises/workbook.lock"))
            .expect("copied");
        let manifest = fs::read_to_string(root().join("exercises/workbook.toml")).expect("the workbook");
        let (before, after) = manifest.split_once("chapters = [").expect("a list of chapters");
        let (_, after) = after.split_once(']').expect("its end");
        fs::write(book.join("exercises/workbook.toml"), format!("{before}chapters = [\"{CHAPTER}\"]{after}"))
            .expect("written");
        for learner in ["script", "formula", "claims", "linked", "wrong"] {
            let said = place.call(&["init", &format!("clones/{learner}")]);
            assert_eq!(said.code, 0, "{}", said.err);
        }
        for exercise in exercises() {
            place.hand_in("script", &exercise, &format!("solutions/{CHAPTER}/{exercise}.rs"));
            place.claim("claims", &exercise);
            place.claim("script", &exercise);
        }
        place.hand_in("wrong", "lazy_call", &first_wrong("lazy_call"));
        place.hand_in("wrong", "plan_order", &format!("solutions/{CHAPTER}/plan_order.rs"));
        place.claim("wrong", "lazy_call");
        place.claim("wrong", "plan_order");
        fs::remove_file(place.file("linked", "lazy_call")).expect("removed");
        fs::remove_file(place.file("linked", "plan_order")).expect("removed");
        std::os::unix::fs::symlink("/etc/passwd", place.file("linked", "lazy_call")).expect("linked");
        let roster = format!(
            "name,path,group\n{SCRIPT},clones/script,blue\n=1+1,clones/formula,@red\nclaims,clones/claims,\n\
             gone,clones/gone,\nlinked,clones/linked,\nwrong,clones/wrong,\n"
        );
        fs::write(place.path("roster.csv"), roster).expect("written");
        place
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn file(&self, learner: &str, name: &str) -> PathBuf {
        self.path(&format!("clones/{learner}/exercises/{CHAPTER}/{name}.rs"))
    }

    fn hand_in(&self, learner: &str, name: &str, from: &str) {
        fs::copy(root().join(from), self.file(learner, name))
            .unwrap_or_else(|error| panic!("{from}: {error}"));
    }

    /// Lets the progress file say that the text in the folder solves the exercise.
    fn claim(&self, learner: &str, name: &str) {
        let path = self.path(&format!("clones/{learner}/.tokiolings/progress.toml"));
        let text = fs::read_to_string(&path).expect("progress");
        let hash = |path: PathBuf| blake3::hash(&fs::read(path).expect("read")).to_hex().to_string();
        let (source, hidden) =
            (hash(self.file(learner, name)), hash(root().join(format!("tests/hidden/{CHAPTER}/{name}.rs"))));
        let entry = format!(
            "[steps.{name}]\nstate = \"solved\"\nsolved_at = \"2026-01-05T10:00:00Z\"\nattempts = 2\nhints = 1\n\
             source = \"{source}\"\nhidden = \"{hidden}\"\n\n# end of progress"
        );
        fs::write(&path, text.replace("# end of progress", &entry)).expect("written");
    }

    #[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
    fn call(&self, args: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_tokiolings"))
            .current_dir(self.folder.path())
            .args(["--workbook", "book"])
            .args(args)
            .env("TOKIOLINGS_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("home"))
            .stdin(Stdio::null())
            .output()
            .expect("the program starts");
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("text"),
            err: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// Grades the cohort. Walls are tested elsewhere, and not every machine that runs these tests has them.
    fn grade(&self, args: &[&str]) -> Said {
        self.call(&[&["cohort", "--roster", "roster.csv", "--unconfined"], args].concat())
    }

    fn json(&self, file: &str) -> Value {
        serde_json::from_slice(&fs::read(self.path(file)).expect("the file")).expect("JSON")
    }

    /// The files below the learners' folders, with their texts.
    fn clones(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path("clones"), &mut files);
        files
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("listed") {
        let entry = entry.expect("listed");
        if entry.file_type().expect("a type").is_dir() {
            collect(&entry.path(), files);
        } else {
            files.insert(entry.path(), fs::read(entry.path()).unwrap_or_default());
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("listed") {
        let entry = entry.expect("listed");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn exercises() -> Vec<String> {
    let names = fs::read_dir(root().join("solutions").join(CHAPTER)).expect("listed");
    let mut names: Vec<String> = names
        .map(|entry| entry.expect("listed").path().file_stem().expect("a name").display().to_string())
        .collect();
    names.sort();
    names
}

fn first_wrong(name: &str) -> String {
    let folder = format!("tests/wrong/{CHAPTER}/{name}");
    let mut files: Vec<String> = fs::read_dir(root().join(&folder))
        .expect("listed")
        .map(|entry| entry.expect("listed").file_name().display().to_string())
        .collect();
    files.sort();
    format!("{folder}/{}", files[0])
}

/// A cohort's JSON without what differs from one run to the next.
fn timeless(mut json: Value) -> Value {
    json.as_object_mut().expect("an object").remove("run");
    for graded in json["submissions"].as_array_mut().expect("a list") {
        graded.as_object_mut().expect("an object").remove("seconds");
    }
    json
}

#[test]
fn every_cell_says_what_was_put_in_and_nothing_is_written_into_learners_folders() {
    let place = Place::new();
    let before = place.clones();
    let said = place.grade(&["--json", "c.json", "--csv", "c.csv", "--html", "c.html"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(place.clones() == before, "a learner's folder was written to");
    let json = place.json("c.json");
    let standing = |learner: usize, exercise: &str| {
        let cell = &json["learners"][learner]["cells"][exercise];
        let points = cell["points"].as_u64().expect("points");
        (cell["verdict"].as_str().expect("a verdict"), cell["untouched"] == true, points)
    };
    let names: Vec<&str> = json["learners"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|l| l["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, [SCRIPT, "=1+1", "claims", "gone", "linked", "wrong"]);
    for exercise in exercises() {
        assert_eq!(standing(0, &exercise), ("passed", false, 1), "{exercise}");
        for starters in [1, 2] {
            let (verdict, untouched, points) = standing(starters, &exercise);
            assert!(verdict != "passed" && untouched && points == 0, "{exercise}: {verdict}");
        }
        assert_eq!(standing(4, &exercise).1, !["lazy_call", "plan_order"].contains(&exercise.as_str()));
    }
    assert_eq!(standing(4, "lazy_call").0, "unreadable");
    assert_eq!(standing(4, "plan_order").0, "missing");
    let (wrong, untouched, _) = standing(5, "lazy_call");
    assert!(wrong != "passed" && !untouched, "{wrong}");
    assert_eq!(standing(5, "plan_order"), ("passed", false, 1));

    // A progress file that claims everything moves nothing, and is told.
    let count = exercises().len();
    assert_eq!(json["learners"][2]["refuted"], count);
    assert_eq!(json["learners"][2]["passed"], 0);
    assert!(
        said.out.contains(&format!("claims: claims {count} exercises solved that grading refutes")),
        "{}",
        said.out
    );
    assert_eq!(json["learners"][3]["problem"], "the folder does not exist");

    // Equal ones once: the starters, the solutions, and one wrong answer.
    assert_eq!(json["run"]["graded"], 2 * count + 1);
    let csv = fs::read_to_string(place.path("c.csv")).expect("the table");
    assert!(csv.contains("\r\n'=1+1,clones/formula,'@red,"), "{csv}");
    let page = fs::read_to_string(place.path("c.html")).expect("the page");
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"), "a name is a name");
}

#[test]
fn right_answers_beside_attacks_keep_their_verdicts() {
    let place = Place::new();
    let attacks = [
        "crowd_that_spins",
        "aborts_with_much_in_memory",
        "locks_the_libraries",
        "fills_its_folder_with_many_files",
    ];
    let right: Vec<String> = (0..6).map(|number| format!("right-{number}")).collect();
    let solution = |exercise: &str| root().join(format!("solutions/{CHAPTER}/{exercise}.rs"));
    let mut expected = BTreeMap::new();
    for learner in attacks.into_iter().chain(right.iter().map(String::as_str)) {
        let said = place.call(&["init", &format!("attacked/{learner}")]);
        assert_eq!(said.code, 0, "{}", said.err);
        let hand_in = |exercise: &str, text: String| {
            let path = place.path(&format!("attacked/{learner}/exercises/{CHAPTER}/{exercise}.rs"));
            fs::write(path, text).expect("written");
        };
        for exercise in exercises() {
            hand_in(&exercise, fs::read_to_string(solution(&exercise)).expect("a solution"));
        }
        let attack = fs::read_to_string(root().join(format!("tests/attacks/limits/{learner}.rs")));
        let verdicts = match &attack {
            Ok(text) => text.lines().find_map(|line| line.strip_prefix("//! expects: ")).expect("a verdict"),
            Err(_) => "passed",
        };
        expected.insert(learner, verdicts.to_owned());
        let text = attack.or_else(|_| fs::read_to_string(solution("lazy_call"))).expect("a solution");
        // No two are equal, so each is graded.
        hand_in("lazy_call", format!("{text}// {learner}\n"));
    }
    let said = place.call(&["cohort", "attacked", "--json", "c.json"]);
    if said.code == 3 && said.err.contains("cannot build the whole sandbox") {
        println!("not confined: {}", said.err);
        return;
    }
    assert_eq!(said.code, 0, "{}", said.err);
    for row in place.json("c.json")["learners"].as_array().expect("a list") {
        let name = row["name"].as_str().expect("a name");
        for (exercise, cell) in row["cells"].as_object().expect("cells") {
            let verdict = cell["verdict"].as_str().expect("a verdict");
            let verdicts = if exercise == "lazy_call" { expected[name].as_str() } else { "passed" };
            assert!(
                verdicts.split('|').any(|one| one.trim() == verdict),
                "{name}, {exercise}: {verdict}: {cell}"
            );
        }
    }
}

#[test]
fn shares_merge_into_what_one_run_finds_byte_for_byte_and_only_whole() {
    let place = Place::new();
    fs::write(place.path("seed"), "a secret that all shares have").expect("written");
    assert_eq!(place.grade(&["--seed", "seed", "--json", "whole.json"]).code, 0);
    for share in ["1/3", "2/3", "3/3"] {
        let file = format!("part{}.json", &share[..1]);
        let said =
            place.grade(&["--partition", share, "--costs", "whole.json", "--seed", "seed", "--json", &file]);
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let merged =
        place.call(&["cohort", "merge", "part2.json", "part3.json", "part1.json", "--json", "merged.json"]);
    assert_eq!(merged.code, 0, "{}", merged.err);
    let [merged, whole] = ["merged.json", "whole.json"].map(|file| timeless(place.json(file)).to_string());
    assert_eq!(merged, whole);

    let gap = place.call(&["cohort", "merge", "part1.json", "part3.json"]);
    assert_eq!(gap.code, 2, "{}", gap.err);
    assert!(
        gap.err.contains("no file is share 2/3") && gap.err.contains("no file contains `"),
        "{}",
        gap.err
    );
    let twice = place.call(&["cohort", "merge", "part1.json", "part2.json", "part3.json", "part1.json"]);
    assert!(twice.code == 2 && twice.err.contains("are both share 1/3"), "{}", twice.err);
    let other = fs::read_to_string(place.path("part2.json")).expect("read");
    let hash = place.json("part2.json")["workbook"]["hash"].as_str().expect("a hash").to_owned();
    fs::write(place.path("part2.json"), other.replace(&hash, "another")).expect("written");
    let mixed = place.call(&["cohort", "merge", "part1.json", "part2.json", "part3.json"]);
    assert!(mixed.code == 2 && mixed.err.contains("part2.json: `"), "{}", mixed.err);
}

#[test]
fn what_changed_since_a_former_run_is_told_and_a_wrong_file_is_refused_before_grading() {
    let place = Place::new();
    assert_eq!(place.grade(&["--json", "former.json"]).code, 0);
    place.hand_in("formula", "lazy_call", &format!("solutions/{CHAPTER}/lazy_call.rs"));
    place.hand_in("formula", "plan_order", &first_wrong("plan_order"));
    place.hand_in("wrong", "plan_order", &format!("exercises/{CHAPTER}/plan_order.rs"));
    let said = place.grade(&["--since", "former.json", "--json", "now.json", "--html", "c.html"]);
    assert_eq!(said.code, 0, "{}", said.err);
    for told in [
        "1 newly solved, 1 newly stuck, 1 no longer solved.",
        "=1+1: newly stuck on plan_order; newly solved: lazy_call",
        "wrong: no longer solved: plan_order",
    ] {
        assert!(said.out.contains(told), "{told}: {}", said.out);
    }
    let page = fs::read_to_string(place.path("c.html")).expect("the page");
    assert!(page.contains("1 newly solved, 1 newly stuck, 1 no longer solved."));

    // Of one file, and without grading, it is told as well; learners are found by their names.
    let former = fs::read_to_string(place.path("former.json")).expect("read");
    fs::write(place.path("former.json"), former.replace("\"name\":\"claims\"", "\"name\":\"another\""))
        .expect("written");
    let merged = place.call(&["cohort", "merge", "now.json", "--since", "former.json"]);
    let words: Vec<&str> = merged.out.split_whitespace().collect();
    assert!(words.join(" ").contains("1 learner is new; 1 learner is gone."), "{}", merged.out);

    assert_eq!(place.grade(&["--partition", "1/2", "--json", "part.json"]).code, 0);
    for (file, why) in [
        ("part.json", "read part.json as a cohort: it is share 1/2"),
        ("roster.csv", "read roster.csv as a cohort"),
        ("none.json", "read none.json"),
    ] {
        let said = place.grade(&["--since", file, "--json", "never.json"]);
        assert!(said.code == 2 && said.err.contains(why), "{}", said.err);
        assert!(!said.err.contains("submissions graded"), "refused before grading: {}", said.err);
    }
    assert!(!place.path("never.json").exists());
}

#[test]
fn a_run_that_did_not_end_goes_on_where_it_was() {
    let place = Place::new();
    let unwritable = place.grade(&["--state", "state", "--json", "no/such/folder.json"]);
    assert_eq!(unwritable.code, 3, "{}", unwritable.err);
    // Of the journal that is left, a kill keeps half, and tears a line.
    let journal = fs::read_to_string(place.path("state")).expect("the journal stays");
    let lines: Vec<&str> = journal.split_inclusive('\n').collect();
    let kept = lines.len() / 2;
    fs::write(place.path("state"), lines[..kept].concat() + &lines[kept][..20]).expect("written");
    let again = place.grade(&["--state", "state", "--json", "c.json"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.err.contains("continuing where a run stopped"), "{}", again.err);
    assert!(again.err.contains("cut off or damaged: 1 grading will be done again"), "{}", again.err);
    let run = &place.json("c.json")["run"];
    let distinct = lines.len() - 1;
    assert_eq!((&run["resumed"], &run["graded"]), (&(kept - 1).into(), &(distinct - kept + 1).into()));
    assert!(!place.path("state").exists(), "a run that has ended leaves nothing behind");
}

#[test]
fn what_cannot_be_done_is_said_with_the_right_code() {
    let place = Place::new();
    let nobody = place.call(&["cohort", "book/exercises/01_inert_plans/predict"]);
    assert!(nobody.code == 2 && nobody.err.contains("has no sub-folders"), "{}", nobody.err);
    // No folder of these is there, so nothing is graded, and all is told.
    fs::write(place.path("roster.csv"), b"sep=;\r\nname;path\r\nzo\xeb;a\r\n;\r\nAnn;b\r\nann;b\r\n")
        .expect("written");
    let odd = place.grade(&["--json", "odd.json"]);
    assert_eq!(odd.code, 0, "{}", odd.err);
    for told in
        ["read as Windows-1252", "`Ann` has the same folder as `ann`", "`ann` has a name that differs"]
    {
        assert!(odd.err.contains(told), "{told}: {}", odd.err);
    }
    let learners = &place.json("odd.json")["learners"];
    assert_eq!((&learners[0]["name"], &learners[2]["name"]), (&"ann".into(), &"zoë".into()));
    assert_eq!(learners[0]["notes"].as_array().map(Vec::len), Some(2));
    fs::write(place.path("seed"), "short").expect("written");
    let seed = place.grade(&["--seed", "seed"]);
    assert!(seed.code == 2 && seed.err.contains("use seed as a seed"), "{}", seed.err);
    fs::write(place.path("roster.csv"), "name,path\nx,a\nx,b\n").expect("written");
    let twice = place.grade(&[]);
    assert!(twice.code == 2 && twice.err.contains("line 3: `x` is already on line 2"), "{}", twice.err);
    assert_eq!(place.call(&["cohort"]).code, 2);
    assert_eq!(place.call(&["cohort", "clones", "--partition", "5/4", "--json", "x"]).code, 2);
    assert_eq!(place.call(&["cohort", "clones", "--partition", "1/4"]).code, 2, "a share is for merging");
    let none = place.call(&["cohort", "merge", "roster.csv"]);
    assert!(none.code == 2 && none.err.contains("read roster.csv as a cohort"), "{}", none.err);
}
