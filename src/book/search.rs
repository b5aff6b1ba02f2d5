//! What the page that searches knows: the words of every section, task and question, and where they stand.

use std::collections::BTreeSet;

use serde::Serialize;

/// A place that can be found.
pub(super) struct Place {
    pub(super) title: String,
    /// The page and the anchor.
    pub(super) href: String,
    pub(super) text: String,
    pub(super) code: String,
}

/// All places, as the script reads them.
#[derive(Default, Serialize)]
pub(super) struct Index {
    /// The chapters' titles.
    chapters: Vec<String>,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    /// Which of `chapters`.
    chapter: usize,
    title: String,
    href: String,
    /// To be shown around what was found.
    text: String,
    /// The names in its code that are not in `text`, each once.
    code: String,
}

impl Index {
    /// Adds what one chapter has.
    pub(super) fn add(&mut self, title: &str, places: Vec<Place>) {
        let chapter = self.chapters.len();
        self.chapters.push(title.to_owned());
        self.entries.extend(places.into_iter().map(|Place { title, href, text, code }| {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let code = names(&code, &text);
            Entry { chapter, title, href, text, code }
        }));
    }

    /// As JSON that may stand in a page: nothing in it looks like markup.
    pub(super) fn to_json(&self) -> String {
        let json = serde_json::to_string(self).expect("strings and numbers are valid JSON");
        // Outside of strings, JSON has none of these.
        json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
    }
}

/// The names in code, each once, without those that the text has.
fn names(code: &str, text: &str) -> String {
    let known = words(text);
    words(code).difference(&known).copied().collect::<Vec<_>>().join(" ")
}

/// Names are longer than one letter and do not begin with a digit.
fn words(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| word.len() > 1 && !word.starts_with(|c: char| c.is_ascii_digit())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_its_text_and_the_names_of_its_code() {
        let mut index = Index::default();
        index.add(
            "One",
            vec![Place {
                title: "A <b>".to_owned(),
                href: "01_one.html#a".to_owned(),
                text: "Ask  the\n`JoinSet`.".to_owned(),
                code: "let set: JoinSet<u8> = f(10);\nset.len()".to_owned(),
            }],
        );
        assert_eq!(
            index.to_json(),
            "{\"chapters\":[\"One\"],\"entries\":[{\"chapter\":0,\"title\":\"A \\u003cb\\u003e\",\
             \"href\":\"01_one.html#a\",\"text\":\"Ask the `JoinSet`.\",\"code\":\"len let set u8\"}]}"
        );
    }
}
