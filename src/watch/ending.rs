//! The end of a chapter: what was learned, and what comes next. Pure text.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::back::about;
use crate::screen::counted;
use crate::workbook::Chapter;

/// Rules that are listed; a page has more of them.
const MOST: usize = 8;
/// With fewer rules in bold, the page's headings say more.
const FEWEST: usize = 3;

/// Parts of a page that are about the exercises, or lead to other pages.
const NOT_ABOUT: [&str; 4] = ["goes without saying", "take for granted", "symptom", "read on"];

/// What to say at the end of a chapter, in Markdown; `None` for one whose page has nothing to repeat. `next`: the chapter that
/// comes now, if there is one.
pub(super) fn ending(chapter: &Chapter, next: Option<&Chapter>) -> Option<String> {
    let Learned { rules, headings } = Learned::read(&chapter.readme);
    let learned = if rules.len() < FEWEST { headings } else { rules };
    if learned.is_empty() {
        return None;
    }
    let steps = counted(chapter.steps.len(), "step");
    let lines: Vec<String> = learned.iter().take(MOST).map(|rule| format!("- {rule}")).collect();
    let mut parts = vec![
        format!("# Chapter done: {}\n\nYou have solved all of it: {steps}.", chapter.title),
        format!("## What you have learned\n\n{}\n\nThe key b shows the whole page again.", lines.join("\n")),
    ];
    if let Some(next) = next {
        let about = about(next).map(|about| format!(" {about}")).unwrap_or_default();
        parts.push(format!("## What comes next\n\n**{}.**{about}", next.title));
    }
    Some(parts.join("\n\n"))
}

/// What a page says in bold at the start of its paragraphs, and its headings.
#[derive(Debug, Default, PartialEq, Eq)]
struct Learned {
    rules: Vec<String>,
    headings: Vec<String>,
}

impl Learned {
    fn read(page: &str) -> Self {
        let mut found = Self::default();
        let mut text = String::new();
        // A heading is read, or a rule; the text that is neither is passed over.
        let (mut heading, mut rule, mut start, mut skipped) = (None, false, false, false);
        for event in Parser::new(page) {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    heading = Some(level);
                    text.clear();
                }
                Event::End(TagEnd::Heading(_)) => {
                    skipped = NOT_ABOUT.iter().any(|part| text.contains(part));
                    if heading.take() == Some(HeadingLevel::H2) && !skipped && !text.starts_with("What to ") {
                        found.headings.push(text.clone());
                    }
                }
                Event::Start(Tag::Paragraph | Tag::Item) => start = true,
                Event::Start(Tag::Strong) if start => {
                    (rule, start) = (true, false);
                    text.clear();
                }
                Event::End(TagEnd::Strong) if rule => {
                    rule = false;
                    let words = text.trim_end_matches(['.', ':', ',']);
                    // One word in bold is a term, and no rule.
                    if !skipped
                        && words.split(' ').count() >= 3
                        && words.starts_with(|c: char| !c.is_lowercase())
                    {
                        found.rules.push(format!("{words}."));
                    }
                }
                Event::Text(part) if rule || heading.is_some() => text.push_str(&part),
                Event::Code(part) if rule || heading.is_some() => text.push_str(&format!("`{part}`")),
                Event::SoftBreak if rule || heading.is_some() => text.push(' '),
                Event::Text(_) | Event::Code(_) => start = false,
                _ => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::Workbook;

    #[test]
    fn rules_are_what_is_in_bold_at_the_start() {
        let page = "# Two\n\nText with **a bold part in it**.\n\n## A sleep is a deadline\n\n- **Time is `tokio`'s\n  time.** Text.\n\
                    - **Burst** makes up.\n- Not **in the middle of it**.\n\n**Waiting means being woken:** yes.\n\n\
                    ## What goes without saying\n\n- **Zero is a value, too.**\n";
        let Learned { rules, headings } = Learned::read(page);
        assert_eq!(rules, ["Time is `tokio`'s time.", "Waiting means being woken."]);
        assert_eq!(headings, ["A sleep is a deadline"]);
    }

    #[test]
    fn every_chapter_has_something_to_say_at_its_end() {
        let workbook = Workbook::builtin().expect("the built-in workbook is good");
        for (index, chapter) in workbook.chapters.iter().enumerate() {
            let text = ending(chapter, workbook.chapters.get(index + 1)).unwrap();
            let listed = text.lines().filter(|line| line.starts_with("- ")).count();
            assert!((3..=MOST).contains(&listed), "{text}");
            assert_eq!(text.contains("What comes next"), index + 1 < workbook.chapters.len());
        }
    }
}
