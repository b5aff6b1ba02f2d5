//! The page: one file that needs nothing else, on a screen or on paper. The table is there without scripts, its chapters
//! folded where there are many exercises; a small script adds sorting, filtering, folding, and the verdict behind each cell.
//!
//! Whatever a learner wrote goes through `maud`, which escapes it, or into the data, where nothing looks like markup. The
//! page's own policy lets no script run but the one whose hash it names.

mod data;
mod parts;
mod table;
mod view;

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::model::Cohort;
use super::since::Since;
use view::View;

const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");

/// Writes the page; with `since`, what changed since a former run, too.
///
/// # Errors
/// The writer's.
pub fn write_page(cohort: &Cohort, since: Option<&Since>, out: &mut dyn Write) -> io::Result<()> {
    let view = View::new(cohort, since);
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (view::plain(&cohort.title)) ": cohort" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (parts::header(&view))
                main {
                    (parts::helps(&view))
                    @if let Some(since) = since { (parts::changes(&view, since)) }
                    (table::table(&view))
                    (parts::troubles(cohort))
                    (parts::over_time(cohort))
                }
                (parts::footer(cohort))
                dialog id="verdict" aria-labelledby="verdict-title" {
                    h2 id="verdict-title" tabindex="-1" {}
                    div id="verdict-body" {}
                    form method="dialog" { button { "Close" } }
                }
                script type="application/json" id="data" { (PreEscaped(data::data(&view))) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    out.write_all(page.into_string().as_bytes())
}

/// As a content security policy names a text.
fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests;
