//! Links in Markdown lead to something in the repository.

use std::fs;
use std::path::Path;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::places::line_at;
use crate::workbook::{Fault, anchor_of};

/// The links of a page that lead nowhere. `page` is its path below `root`.
pub(super) fn dead(root: &Path, page: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        let (Event::Start(Tag::Link { dest_url, .. }) | Event::Start(Tag::Image { dest_url, .. })) = event
        else {
            continue;
        };
        if let Some(problem) = problem(root, page, text, &dest_url) {
            let line = Some(line_at(text, range.start));
            faults.push(Fault { file: page.to_owned(), line, problem });
        }
    }
    faults
}

fn problem(root: &Path, page: &str, text: &str, link: &str) -> Option<String> {
    // Another site is not ours to ask: a check must not depend on the network.
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = if path.is_empty() { Some(page.to_owned()) } else { below(page, path) };
    let Some(target) = target else {
        return Some(format!("the link `{link}` leads out of the workbook's folder"));
    };
    if !root.join(&target).exists() {
        return Some(format!("the link `{link}` leads to {target}, which is not there"));
    }
    // Learners get these pages without what lies around them.
    if page.starts_with("exercises/")
        && page.matches('/').count() > 1
        && target.split('/').next() != Some("exercises")
    {
        return Some(format!(
            "the link `{link}` leads to {target}, which learners do not have: their workspace has only a copy of \
             exercises/"
        ));
    }
    let anchor = anchor.filter(|_| target.ends_with(".md"))?;
    let other =
        if path.is_empty() { text.to_owned() } else { fs::read_to_string(root.join(&target)).ok()? };
    let anchors = anchors(&other);
    (!anchors.iter().any(|known| known == anchor))
        .then(|| format!("the link `{link}` leads to a heading that {target} does not have"))
}

/// The path that a page's link means, below the root; `None` when it leaves the root.
fn below(page: &str, link: &str) -> Option<String> {
    if link.starts_with('/') {
        return None;
    }
    let mut path: Vec<&str> = page.split('/').collect();
    path.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(path.pop()?),
            part => path.push(part),
        }
    }
    Some(path.join("/"))
}

/// What the headings of a page are called in links.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                anchors.push(anchor_of(&heading.take().unwrap_or_default()));
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_files_and_headings_that_are_there() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("exercises/01_one")).unwrap();
        fs::write(root.join("README.md"), "# Top\n## How `it` works!\n").unwrap();
        fs::write(root.join("exercises/01_one/README.md"), "# One\n").unwrap();
        let dead = |page: &str, text: &str| -> Vec<(usize, String)> {
            let faults = dead(root, page, text).into_iter();
            faults.map(|fault| (fault.line.unwrap_or(0), fault.problem)).collect()
        };
        let fine = "[a](exercises/01_one/README.md) [b](#how-it-works) [c](https://example.org/x#y)\n# How it works\n";
        assert_eq!(dead("README.md", fine), []);
        let found = dead("README.md", "text\n[a](gone.md)\n![b](../out.png)\n[c](#nowhere)\n");
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4]);
        assert!(found[0].1.contains("leads to gone.md, which is not there"), "{found:?}");
        let page = "exercises/01_one/README.md";
        assert_eq!(dead(page, "[a](../../README.md#how-it-works)")[0].0, 1);
        assert_eq!(dead("exercises/README.md", "[a](../README.md#how-it-works)"), []);
        assert_eq!(dead("exercises/README.md", "[a](../README.md#gone)").len(), 1);
    }
}
