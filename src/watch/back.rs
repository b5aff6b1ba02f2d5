//! Picking up: what a learner reads who comes back after a while, or to a newer workbook. Pure text.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::screen::counted;
use crate::workbook::{Chapter, Step, Workbook};
use crate::workspace::{News, Progress};

/// Whoever was away for less still knows where they were.
const A_WHILE: Duration = Duration::from_secs(12 * 3600);

/// Names that are listed before the rest is only counted.
const NAMED: usize = 6;

/// What to say to a learner who was away for so long, in Markdown; `None` when there is nothing to say.
pub(super) fn greeting(
    workbook: &Workbook,
    progress: &Progress,
    away: Option<Duration>,
    news: &News,
) -> Option<String> {
    let mut parts = Vec::new();
    let step = progress.current(workbook).map(Step::name);
    if let Some(away) = away.filter(|away| *away >= A_WHILE)
        && let Some((index, (chapter, step))) =
            workbook.steps().enumerate().find(|(_, (_, candidate))| Some(candidate.name()) == step)
    {
        let counts = progress.summary(workbook);
        parts.push(format!(
            "# Welcome back\n\
             \n\
             You last worked here {} ago, on **{}**: step {} of {}, in the chapter \"{}\". {} of {} solved.",
            words(away),
            step.name(),
            index + 1,
            counts.total,
            chapter.title,
            counts.solved,
            counted(counts.total, "step"),
        ));
        if let Some(about) = about(chapter) {
            parts.push(format!("What this chapter is about: {about}"));
        }
    }
    parts.extend(novelties(workbook, progress, news));
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// What is new in the workbook.
fn novelties(workbook: &Workbook, progress: &Progress, news: &News) -> Option<String> {
    if news.is_empty() {
        return None;
    }
    let exercises = |paths: &[PathBuf]| {
        let named: Vec<String> = workbook
            .exercises()
            .filter(|exercise| paths.iter().any(|path| *path == Path::new(&exercise.path())))
            .map(|exercise| format!("`{}`", exercise.name))
            .collect();
        named
    };
    let mut lines = vec!["# The workbook has been updated".to_owned(), String::new()];
    let added = exercises(&news.added);
    if !added.is_empty() {
        lines.push(format!("- New exercises: {}.", listed(&added)));
    }
    let renewed = exercises(&news.renewed);
    if !renewed.is_empty() {
        lines.push(format!("- Newer starters, for files that you had not changed: {}.", listed(&renewed)));
    } else if !news.renewed.is_empty() {
        lines.push("- Newer chapter pages, where you had not changed them.".to_owned());
    }
    let kept = exercises(&news.kept);
    if !kept.is_empty() {
        lines.push(format!(
            "- You have changed these files, so they stay as they are, although there are newer starters: {}. To use \
             a newer starter, go to that step and press x; your version is saved.",
            listed(&kept)
        ));
    }
    if !news.gone.is_empty() {
        let gone: Vec<String> = news.gone.iter().map(|name| format!("`{name}`")).collect();
        lines.push(format!(
            "- No longer in the workbook, and not counted any more, although you had solved them: {}.",
            listed(&gone)
        ));
    }
    match progress.summary(workbook).stale {
        0 => {}
        1 => lines
            .push("- The hidden tests of one solved step have changed: press c to check it again.".into()),
        stale => lines.push(format!(
            "- The hidden tests of {stale} solved steps have changed: press c to check them again."
        )),
    }
    (lines.len() > 2).then(|| lines.join("\n"))
}

fn listed(names: &[String]) -> String {
    match names.len().checked_sub(NAMED) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..NAMED].join(", ")),
    }
}

/// The first paragraph of a chapter's page.
pub(super) fn about(chapter: &Chapter) -> Option<String> {
    let lines =
        chapter.readme.lines().map(str::trim).skip_while(|line| line.is_empty() || line.starts_with('#'));
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    (!paragraph.is_empty()).then(|| paragraph.join(" "))
}

fn words(away: Duration) -> String {
    let hours = away.as_secs() / 3600;
    match hours {
        0..48 => format!("{hours} hours"),
        48..336 => format!("{} days", hours / 24),
        _ => format!("{} weeks", hours / (24 * 7)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::sample;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn there() -> (Workbook, Progress) {
        let mut workbook = sample::workbook();
        workbook.chapters[1].readme =
            "# Two\n\nThe second chapter is\nabout `second` things.\n\nMore.\n".into();
        let mut progress = Progress::new("seed".into());
        progress.answer_quiz(&sample::quiz(), 1, std::time::SystemTime::UNIX_EPOCH);
        progress.go_to("second");
        (workbook, progress)
    }

    #[test]
    fn after_a_week_it_says_where_one_was_and_what_the_chapter_is_about() {
        let (workbook, progress) = there();
        assert_eq!(
            greeting(&workbook, &progress, Some(7 * DAY), &News::default()).unwrap(),
            "# Welcome back\n\nYou last worked here 7 days ago, on **second**: step 3 of 4, in the chapter \
             \"Chapter 02_two\". 1 of 4 steps solved.\n\nWhat this chapter is about: The second chapter is about \
             `second` things."
        );
    }

    #[test]
    fn whoever_comes_back_the_same_day_or_has_never_been_here_is_not_greeted() {
        let (workbook, progress) = there();
        for away in [None, Some(Duration::ZERO), Some(Duration::from_secs(11 * 3600))] {
            assert_eq!(greeting(&workbook, &progress, away, &News::default()), None, "{away:?}");
        }
    }

    #[test]
    fn times_are_told_in_the_unit_that_one_would_use() {
        let told = [DAY / 2, 3 * DAY / 2, 2 * DAY, 13 * DAY, 14 * DAY, 400 * DAY].map(words);
        assert_eq!(told, ["12 hours", "36 hours", "2 days", "13 days", "2 weeks", "57 weeks"]);
    }

    #[test]
    fn a_newer_workbook_says_what_it_did_and_what_it_left_alone() {
        let (workbook, mut progress) = there();
        progress.record_solved("first", "source", "other hidden tests", std::time::SystemTime::UNIX_EPOCH);
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect();
        let news = News {
            added: paths(&["exercises/02_two/third.rs", "exercises/02_two/README.md"]),
            renewed: paths(&["exercises/02_two/second.rs"]),
            kept: paths(&["exercises/01_one/first.rs"]),
            gone: vec!["zeroth".into()],
        };
        assert_eq!(
            greeting(&workbook, &progress, None, &news).unwrap(),
            "# The workbook has been updated\n\
             \n\
             - New exercises: `third`.\n\
             - Newer starters, for files that you had not changed: `second`.\n\
             - You have changed these files, so they stay as they are, although there are newer starters: `first`. \
             To use a newer starter, go to that step and press x; your version is saved.\n\
             - No longer in the workbook, and not counted any more, although you had solved them: `zeroth`.\n\
             - The hidden tests of one solved step have changed: press c to check it again."
        );
        let pages = News { renewed: paths(&["exercises/01_one/README.md"]), ..News::default() };
        assert!(greeting(&workbook, &progress, None, &pages).unwrap().contains("Newer chapter pages"));
    }

    #[test]
    fn long_lists_are_counted() {
        let names: Vec<String> = (0..9).map(|number| number.to_string()).collect();
        assert_eq!(listed(&names), "0, 1, 2, 3, 4, 5 and 3 more");
        assert_eq!(listed(&names[..6]), "0, 1, 2, 3, 4, 5");
    }
}
