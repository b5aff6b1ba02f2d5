//! The workbook that the binary carries.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use rust_embed::{Embed, EmbeddedFile};

use super::files::Files;

// Wrong and right answers stay out of the binary: they test the workbook, and no learner needs them.

#[derive(Embed)]
#[folder = "exercises/"]
#[prefix = "exercises/"]
struct Exercises;

#[derive(Embed)]
#[folder = "solutions/"]
#[prefix = "solutions/"]
struct Solutions;

#[derive(Embed)]
#[folder = "tests/hidden/"]
#[prefix = "tests/hidden/"]
struct Hidden;

#[derive(Embed)]
#[folder = "tests/testkit/"]
#[prefix = "tests/testkit/"]
struct Testkit;

/// The files of the built-in workbook.
pub(super) struct Builtin;

impl Files for Builtin {
    fn read(&self, path: &str) -> io::Result<String> {
        match get(path) {
            Some(file) => String::from_utf8(file.data.into_owned()).map_err(io::Error::other),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let inside =
            |path: &Cow<'static, str>| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let all = Exercises::iter().chain(Solutions::iter()).chain(Hidden::iter()).chain(Testkit::iter());
        let mut files: Vec<String> = all.filter(inside).map(Cow::into_owned).collect();
        files.sort();
        files
    }

    fn root(&self) -> Option<&Path> {
        None
    }
}

fn get(path: &str) -> Option<EmbeddedFile> {
    Exercises::get(path)
        .or_else(|| Solutions::get(path))
        .or_else(|| Hidden::get(path))
        .or_else(|| Testkit::get(path))
}
