//! The book of the built-in workbook, and the command that writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use tokiolings::book::{Page, pages};
use tokiolings::workbook::{Step, Workbook};

static WORKBOOK: LazyLock<Workbook> = LazyLock::new(|| Workbook::builtin().expect("it has no faults"));

static PAGES: LazyLock<BTreeMap<String, Page>> =
    LazyLock::new(|| pages(&WORKBOOK).into_iter().map(|page| (page.name.clone(), page)).collect());

/// The markup of a page without what is inside of its style and its scripts.
fn markup(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some(at) = rest.find("<style").into_iter().chain(rest.find("<script")).min() {
        let end = if rest[at..].starts_with("<style") { "</style>" } else { "</script>" };
        kept.push_str(&rest[..at]);
        rest = rest[at..].split_once(end).expect("it is closed").1;
    }
    kept + rest
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// What a reader sees of a page.
fn text(html: &str) -> String {
    let markup = markup(html);
    let mut text = String::new();
    let mut rest = markup.as_str();
    while let Some((before, behind)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, behind) = behind.split_once('>').expect("a tag is closed");
        // What stands in blocks of its own stands on lines of its own.
        let name = tag.trim_start_matches('/').split(' ').next().expect("a tag has a name");
        if !["a", "code", "em", "span", "strong"].contains(&name) {
            text.push('\n');
        }
        rest = behind;
    }
    unescaped(&(text + rest))
}

/// The values of an attribute, in the page's order.
fn values(html: &str, attribute: &str) -> Vec<String> {
    let markup = markup(html);
    let tags = markup.split('<').skip(1).filter_map(|tag| tag.split_once('>')).map(|(tag, _)| tag);
    let sign = format!(" {attribute}=\"");
    tags.filter_map(|tag| Some(unescaped(tag.split_once(&sign)?.1.split_once('"')?.0))).collect()
}

fn index() -> serde_json::Value {
    let html = &PAGES["search.html"].html;
    let json =
        html.split_once("id=\"index\">").expect("it is there").1.split_once("</script>").expect("closed").0;
    serde_json::from_str(json).expect("JSON")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The lines of every file below a folder, with the path of the file.
fn lines_below(folder: &Path, found: &mut BTreeMap<String, PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the workbook") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            lines_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            for line in fs::read_to_string(&path).expect("text").lines() {
                found.entry(line.trim().to_owned()).or_insert_with(|| path.clone());
            }
        }
    }
}

/// Everything that the book may have: what learners have before they have solved anything.
fn allowed() -> Vec<String> {
    let steps = WORKBOOK.steps().map(|(_, step)| match step {
        // The starter of a step with a past holds the solution of another one, below its task.
        Step::Exercise(exercise) if exercise.after.is_some() => {
            exercise.starter.lines().take_while(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n")
        }
        Step::Exercise(exercise) => exercise.starter.clone(),
        Step::Quiz(quiz) => quiz.question.clone(),
    });
    WORKBOOK.chapters.iter().map(|chapter| chapter.readme.clone()).chain(steps).collect()
}

#[test]
fn no_line_of_a_solution_or_of_a_hidden_test_is_in_the_book() {
    let mut secret = BTreeMap::new();
    for folder in ["solutions", "tests/hidden", "tests/mutants", "tests/right"] {
        lines_below(&root().join(folder), &mut secret);
    }
    let allowed = allowed();
    for line in allowed.iter().flat_map(|text| text.lines()) {
        secret.remove(line.trim());
    }
    assert!(secret.len() > 10_000, "{} lines are no secret", secret.len());
    // A line of a page may be a short piece of a longer line: the code in a cell, the end of a paragraph.
    let quoted = |line: &str| allowed.iter().any(|text| text.contains(line));
    for (name, page) in &*PAGES {
        let text = text(&page.html);
        for line in text.lines().map(str::trim) {
            if let Some(file) = secret.get(line) {
                assert!(quoted(line), "{name} has a line of {}: {line}", file.display());
            }
        }
    }
}

#[test]
fn hints_replies_and_choices_are_not_in_the_book() {
    let mut shown: String = PAGES.values().map(|page| text(&page.html)).collect();
    for entry in index()["entries"].as_array().expect("a list") {
        shown.push_str(entry["text"].as_str().expect("a text"));
    }
    for (_, step) in WORKBOOK.steps() {
        let earned: Vec<&String> = match step {
            Step::Exercise(exercise) => {
                exercise.hints.iter().chain(&exercise.parked).chain(&exercise.spinning).collect()
            }
            Step::Quiz(quiz) => {
                let replies = quiz.choices.iter().flat_map(|choice| &choice.says);
                // Short choices, such as `14`, may stand in any text.
                let choices = quiz.choices.iter().map(|choice| &choice.text).filter(|text| text.len() > 40);
                replies.chain(choices).chain([&quiz.explain]).collect()
            }
        };
        for text in earned {
            assert!(!shown.contains(&text.replace('`', "")), "{}: {text}", step.name());
        }
    }
}

#[test]
fn every_link_leads_to_a_place_that_is_there() {
    let mut ids: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (name, page) in &*PAGES {
        let all = values(&page.html, "id");
        let own: BTreeSet<String> = all.iter().cloned().collect();
        assert_eq!(own.len(), all.len(), "{name} has an id twice: {all:?}");
        ids.insert(name, own);
    }
    let there = |from: &str, link: &str| {
        let (file, id) = link.split_once('#').map_or((link, None), |(file, id)| (file, Some(id)));
        let Some(own) = ids.get(if file.is_empty() { from } else { file }) else { return false };
        id.is_none_or(|id| own.contains(id))
    };
    let mut count = 0;
    for (name, page) in &*PAGES {
        let links = values(&page.html, "href").into_iter().chain(values(&page.html, "action"));
        for link in links.filter(|link| !link.starts_with("https://")) {
            assert!(there(name, &link), "{name} links to {link}");
            count += 1;
        }
    }
    assert!(count > 500, "{count} links are too few");
    let index = index();
    let entries = index["entries"].as_array().expect("a list");
    for entry in entries {
        let href = entry["href"].as_str().expect("a text");
        assert!(there("search.html", href), "the search leads to {href}");
    }
    let places = WORKBOOK.steps().count() + WORKBOOK.chapters.len();
    assert!(entries.len() > places, "{} places for {places} steps and chapters", entries.len());
}

#[test]
fn what_a_search_knows_is_on_the_page_to_which_it_leads() {
    let texts: BTreeMap<&str, BTreeSet<String>> = PAGES
        .iter()
        .map(|(name, page)| {
            let text = text(&page.html);
            let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned).collect();
            (name.as_str(), words)
        })
        .collect();
    for entry in index()["entries"].as_array().expect("a list") {
        let field = |key: &str| entry[key].as_str().expect("a text").to_owned();
        let page = field("href").split('#').next().expect("a page").to_owned();
        for key in ["title", "text", "code"] {
            for word in field(key).split(|c: char| !c.is_alphanumeric() && c != '_') {
                assert!(texts[page.as_str()].contains(word), "{} has no {word}", field("href"));
            }
        }
    }
}

#[test]
fn every_exercise_is_there_with_its_task_and_its_starter() {
    for (chapter, step) in WORKBOOK.steps() {
        let page = text(&PAGES[&format!("{}.html", chapter.id)].html);
        let Some(exercise) = step.as_exercise() else { continue };
        let code =
            exercise.starter.lines().skip_while(|line| line.starts_with("//!") || line.trim().is_empty());
        let code: Vec<&str> = code.collect();
        let has = page.contains(code.join("\n").trim_end());
        assert_eq!(has, exercise.after.is_none(), "{}", exercise.name);
        assert!(!page.contains("//! "), "{}: a task is text", exercise.name);
    }
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tokiolings"));
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
    command.current_dir(folder).env("TOKIOLINGS_HOME", home).stdin(std::process::Stdio::null());
    command
}

fn said(Output { status, stdout, stderr }: Output) -> Said {
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Said { code: status.code().unwrap_or(-1), out: text(stdout), err: text(stderr) }
}

fn call(folder: &Path, args: &[&str]) -> Said {
    said(command(folder).args(args).output().expect("the program starts"))
}

#[test]
fn the_command_writes_a_folder_and_overwrites_only_its_own() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let path = |below: &str| place.path().join(below);
    let first = call(place.path(), &["book"]);
    assert_eq!(first.code, 0, "{}", first.err);
    let expected = format!(
        "Ready: {} pages in tokiolings-book\nStart with {}\n",
        PAGES.len(),
        Path::new("tokiolings-book").join("index.html").display()
    );
    assert_eq!(first.out, expected);
    for (name, page) in &*PAGES {
        assert_eq!(fs::read_to_string(path("tokiolings-book").join(name)).expect("written"), page.html);
    }
    fs::write(path("tokiolings-book/index.html"), "old").expect("written");
    let again = call(place.path(), &["book"]);
    assert_eq!((again.code, again.out), (0, first.out), "{}", again.err);
    assert!(fs::read_to_string(path("tokiolings-book/index.html")).expect("read").len() > 1_000);

    fs::create_dir(path("mine")).expect("created");
    fs::write(path("mine/index.html"), "mine").expect("written");
    let refused = call(place.path(), &["book", "mine"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{}", refused.err);
    assert_eq!(
        refused.err,
        "tokiolings: failed to write the book into mine: the folder has files that `tokiolings book` did not write; name a \
         new or empty folder: `tokiolings book DIR`\n"
    );
    assert_eq!(fs::read_to_string(path("mine/index.html")).expect("read"), "mine");
    assert_eq!(fs::read_dir(path("mine")).expect("a folder").count(), 1);
    let file = call(place.path(), &["book", "mine/index.html"]);
    assert!(file.code == 2 && file.err.contains("that is not a folder"), "{}", file.err);
}

/// With a program in the place of the one that opens files.
#[cfg(target_os = "linux")]
#[test]
fn open_starts_the_browser_with_the_first_page() {
    use std::os::unix::fs::PermissionsExt;
    use std::time::{Duration, Instant};

    let place = tempfile::tempdir().expect("a temporary folder");
    let root = fs::canonicalize(place.path()).expect("it is there");
    let tools = root.join("tools");
    fs::create_dir(&tools).expect("created");
    let opener = tools.join("xdg-open");
    let told = root.join("told");
    let script =
        format!("#!/bin/sh\nprintf '%s' \"$1\" > '{0}.new'\nexec /bin/mv '{0}.new' '{0}'\n", told.display());
    fs::write(&opener, script).expect("written");
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).expect("it may run");
    let opened =
        said(command(&root).args(["book", "b", "--open"]).env("PATH", &tools).output().expect("it starts"));
    assert_eq!((opened.code, opened.err.as_str()), (0, ""), "{}", opened.out);
    let deadline = Instant::now() + Duration::from_secs(20);
    while !told.exists() && Instant::now() < deadline {
        std::thread::yield_now();
    }
    let told = fs::read_to_string(&told).expect("the browser was started");
    assert_eq!(PathBuf::from(told), root.join("b/index.html"));

    let nowhere = said(
        command(&root).args(["book", "b", "--open"]).env("PATH", "/nowhere").output().expect("it starts"),
    );
    assert_eq!(nowhere.code, 0, "the book is there: {}", nowhere.err);
    assert!(nowhere.err.contains("no browser could be started: "), "{}", nowhere.err);
}
