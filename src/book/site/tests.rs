use super::*;
use crate::workbook::{Choice, Quiz, sample_exercise_with, sample_quiz, sample_workbook};

/// In everything that a learner has to earn.
const EARNED: &str = "EARNED";

fn exercise(name: &str, chapter: &str) -> Exercise {
    let mut exercise =
        sample_exercise_with(name, format!("#[test]\nfn t() {{\n    assert!(true, \"{EARNED}\");\n}}\n"));
    exercise.chapter = chapter.to_owned();
    exercise.starter = format!("//! Make `{name}` run.\n//!\n//! - Twice.\n\nfn starter_of_{name}() {{}}\n");
    exercise.solution = format!("fn {EARNED}() {{}}\n");
    exercise.hints = vec![EARNED.to_owned()];
    exercise.parked = Some(EARNED.to_owned());
    exercise.spinning = Some(EARNED.to_owned());
    exercise
}

fn quiz() -> Quiz {
    let mut quiz = sample_quiz("question", "01_one");
    quiz.question = "Which?\n```rust\nlet a;\n```\n".to_owned();
    quiz.explain = EARNED.to_owned();
    quiz.choices = (0..3)
        .map(|index| Choice {
            text: format!("{EARNED} {index}"),
            says: (index != 1).then(|| EARNED.to_owned()),
            prints: None,
        })
        .collect();
    quiz
}

/// `first`, a question, `second`, and `third`, which builds on `second`.
fn workbook() -> Workbook {
    let mut workbook = sample_workbook(|name, chapter| {
        let mut made = exercise(name, chapter);
        if name == "third" {
            made.after = Some("second".to_owned());
            made.starter = format!("//! Go on.\n\nfn {EARNED}() {{}}\n");
        }
        made
    });
    workbook.chapters[0].readme =
        "# One\n\nThe *lead*.\n\n## Part `a`\n\n[there](../02_two/README.md#two)\n".to_owned();
    workbook.chapters[0].steps[1] = Step::Quiz(quiz().into());
    workbook
}

fn named<'a>(pages: &'a [Page], name: &str) -> &'a str {
    &pages.iter().find(|page| page.name == name).unwrap_or_else(|| panic!("there is no {name}")).html
}

#[test]
fn nothing_is_in_the_book_that_a_learner_has_to_earn() {
    for page in pages(&workbook()) {
        assert!(!page.html.contains(EARNED), "{}: {}", page.name, page.html);
    }
}

#[test]
fn a_chapter_has_its_text_its_tasks_and_its_starters() {
    let pages = pages(&workbook());
    let one = named(&pages, "01_one.html");
    for part in [
        "<p class=\"dim\">Chapter 1</p><h1 id=\"one\">One ",
        "<h2 id=\"part-a\">Part <code>a</code> ",
        "<a href=\"02_two.html#two\">there</a>",
        "<section class=\"step\" id=\"exercise.first\"><h3>Exercise <code class=\"long\">first</code>",
        "<p>Make <code>first</code> run.</p>\n<ul>\n<li>Twice.</li>\n</ul>",
        "<summary>The starter, <code class=\"long\">exercises/01_one/first.rs</code></summary><pre class=\"rust\"><code><span \
         class=\"keyword\">fn</span> starter_of_first() {}\n</code></pre>",
        "<h3>Question <code class=\"long\">question</code>",
        "<code class=\"long\">tokiolings answer question</code>",
    ] {
        assert!(one.contains(part), "{part}\n\n{one}");
    }
    let two = named(&pages, "02_two.html");
    assert!(two.contains("It builds on <code>second</code>."), "{two}");
    assert!(two.contains("<p>Go on.</p>"), "{two}");
}

#[test]
fn a_chapter_without_a_heading_of_its_own_has_its_title() {
    let mut workbook = workbook();
    workbook.chapters[0].readme = "Only text, and &.".to_owned();
    workbook.chapters[0].title = "A & B".to_owned();
    let pages = pages(&workbook);
    assert!(named(&pages, "01_one.html").contains("<h1>A &amp; B</h1><p>Only text, and &amp;.</p>"));
    assert!(
        named(&pages, "search.html")
            .contains("{\"chapter\":0,\"title\":\"A \\u0026 B\",\"href\":\"01_one.html\"")
    );
}

#[test]
fn pages_lead_to_the_one_before_and_the_one_behind() {
    let pages = pages(&workbook());
    let names: Vec<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    assert_eq!(names, ["index.html", "01_one.html", "02_two.html", "search.html"]);
    let turn = |name: &str| {
        named(&pages, name)
            .split_once("<nav class=\"turn\"")
            .map(|(_, rest)| rest.split("</nav>").next().unwrap())
    };
    assert_eq!(
        turn("01_one.html").unwrap(),
        " aria-label=\"Chapters\"><a class=\"before\" rel=\"prev\" href=\"index.html\">← All chapters</a><a class=\"after\" \
         rel=\"next\" href=\"02_two.html\">Chapter 02_two →</a>"
    );
    assert!(turn("index.html").unwrap().contains("href=\"01_one.html\">Chapter 01_one →</a>"));
    assert!(!turn("02_two.html").unwrap().contains("rel=\"next\""));
    assert_eq!(turn("search.html"), None);
    let index = named(&pages, "index.html");
    assert!(
        index.contains("<p>The <em>lead</em>.</p><p class=\"dim\">1 exercise, 1 question</p>"),
        "{index}"
    );
    assert!(index.contains("2 chapters, 3 exercises and 1 question."), "{index}");
}

#[test]
fn links_lead_into_the_book_or_nowhere() {
    let workbook = workbook();
    for (to, expected) in [
        ("https://tokio.rs/a#b", Some("https://tokio.rs/a#b")),
        ("mailto:a@b.c", Some("mailto:a@b.c")),
        ("#here", Some("#here")),
        ("first.rs", Some("01_one.html#exercise.first")),
        ("./first.rs", Some("01_one.html#exercise.first")),
        ("README.md#part", Some("01_one.html#part")),
        ("../02_two/README.md", Some("02_two.html")),
        ("../02_two/third.rs", Some("02_two.html#exercise.third")),
        ("../02_two/", Some("02_two.html")),
        ("../02_two/first.rs", None),
        ("../README.md", None),
        ("../../README.md", None),
        ("question.rs", None),
        ("javascript:alert(1)", None),
        ("//example.org/x", None),
    ] {
        assert_eq!(link(&workbook, "01_one", to).as_deref(), expected, "{to}");
    }
}

#[test]
fn a_search_finds_texts_tasks_questions_and_starters() {
    let pages = pages(&workbook());
    let page = named(&pages, "search.html");
    let json = page.split_once("id=\"index\">").unwrap().1.split_once("</script>").unwrap().0;
    let index: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(index["chapters"], serde_json::json!(["Chapter 01_one", "Chapter 02_two"]));
    let entry = |at: usize| {
        let entry = &index["entries"][at];
        ["title", "href", "text", "code"].map(|key| entry[key].as_str().unwrap().to_owned())
    };
    assert_eq!(entry(0), ["One", "01_one.html#one", "The lead.", ""]);
    assert_eq!(entry(1), ["Part a", "01_one.html#part-a", "there", ""]);
    assert_eq!(
        entry(2),
        ["first", "01_one.html#exercise.first", "Make first run. Twice.", "fn starter_of_first"]
    );
    assert_eq!(entry(3), ["question", "01_one.html#question.question", "Which?", "let"]);
}

#[test]
fn only_the_page_that_searches_has_a_script_and_none_loads_anything() {
    for page in pages(&workbook()) {
        let Page { name, html } = &page;
        assert!(html.contains("content=\"default-src 'none'; style-src 'sha256-"), "{name}");
        let scripts = if name == SEARCH { 2 } else { 0 };
        assert_eq!(html.matches("<script").count(), scripts, "{name}");
        assert_eq!(html.contains("script-src 'none'"), name != SEARCH, "{name}");
        for sign in [" src=", "url(", "@import", "stylesheet"] {
            assert!(!html.contains(sign), "{name} has {sign}");
        }
    }
}
