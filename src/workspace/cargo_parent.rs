//! Cargo workspaces around a new workspace of ours. Its `Cargo.toml` is a workspace of its own; one around it that takes
//! it for a member would not load any more.

use std::fs;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};

use crate::system::paths::with_slashes;
use crate::workspace::Error;

/// As Cargo looks for members: a `*` stays within one folder's name.
const BY_FOLDER: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// Whether a package in this folder is no member of any Cargo workspace around it.
///
/// # Errors
/// It would be one: whose, and what to write into its manifest.
pub(super) fn leaves_alone(root: &Path) -> Result<(), Error> {
    for folder in root.ancestors().skip(1) {
        let manifest = folder.join("Cargo.toml");
        let Some(around) = fs::read_to_string(&manifest).ok().and_then(|text| Around::read(&text)) else {
            continue;
        };
        if let Ok(below) = root.strip_prefix(folder)
            && let Some((member, remedy)) = around.takes(below)
        {
            return Err(Error::Member { path: root.to_path_buf(), manifest, member, remedy });
        }
    }
    Ok(())
}

/// The `[workspace]` of a manifest.
struct Around {
    members: Vec<String>,
    exclude: Vec<PathBuf>,
}

impl Around {
    /// `None` where there is none, or none that Cargo could read.
    fn read(text: &str) -> Option<Self> {
        let manifest: toml::Table = toml::from_str(text).ok()?;
        let workspace = manifest.get("workspace")?.as_table()?;
        let texts = |key: &str| -> Vec<String> {
            let array = workspace.get(key).and_then(toml::Value::as_array);
            array.into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned).collect()
        };
        let exclude = texts("exclude").iter().map(|path| plain(path).into()).collect();
        Some(Self { members: texts("members"), exclude })
    }

    /// The entry of `members` that takes a folder in, and what to change.
    fn takes(&self, below: &Path) -> Option<(String, String)> {
        let named = |member: &&String| !is_pattern(member) && below.starts_with(plain(member));
        // What is named outright is a member, excluded or not.
        if let Some(member) = self.members.iter().find(named) {
            let exactly = below == Path::new(plain(member));
            return exactly.then(|| (member.clone(), format!("remove `{member}` from its `members`")));
        }
        if self.exclude.iter().any(|excluded| below.starts_with(excluded)) {
            return None;
        }
        let matches = |member: &&String| {
            is_pattern(member)
                && Pattern::new(plain(member))
                    .is_ok_and(|pattern| pattern.matches_path_with(below, BY_FOLDER))
        };
        let member = self.members.iter().find(matches)?;
        let quoted = toml::Value::from(with_slashes(&below.display().to_string()));
        let remedy = if self.exclude.is_empty() {
            format!("add `exclude = [{quoted}]` to its [workspace]")
        } else {
            format!("add {quoted} to its `exclude`")
        };
        Some((member.clone(), remedy))
    }
}

fn is_pattern(member: &str) -> bool {
    member.contains(['*', '?', '['])
}

fn plain(path: &str) -> &str {
    path.trim_start_matches("./").trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remedy(workspace: &str, below: &str) -> Option<String> {
        Around::read(workspace)?.takes(Path::new(below)).map(|(_, remedy)| remedy)
    }

    #[test]
    fn members_are_found_by_cargos_rules() {
        let says = |workspace: &str, below: &str| remedy(&format!("[workspace]\n{workspace}"), below);
        let add = Some("add `exclude = [\"mine\"]` to its [workspace]".to_owned());
        assert_eq!(says("members = [\"*\"]", "mine"), add);
        assert_eq!(says("members = [\"./m*/\"]", "mine"), add);
        assert_eq!(
            says("members = [\"*\"]\nexclude = [\"old\"]", "mine").unwrap(),
            "add \"mine\" to its `exclude`"
        );
        assert_eq!(says("members = [\"mine\"]", "mine").unwrap(), "remove `mine` from its `members`");
        assert!(says("members = [\"mine\"]\nexclude = [\"mine\"]", "mine").is_some(), "named outright");
        assert!(says("members = [\"deep/**\"]", "deep/er/mine").is_some());
        for (workspace, below) in [
            ("members = [\"*\"]", "deep/mine"),
            ("members = [\"crates/*\"]", "mine"),
            ("members = [\"*\"]\nexclude = [\"mine\"]", "mine"),
            ("members = [\"*/*\"]\nexclude = [\"./deep/\"]", "deep/mine"),
            ("members = [\"mine\"]", "mine/deep"),
            ("members = [\"[\"]", "mine"),
            ("", "mine"),
        ] {
            assert_eq!(says(workspace, below), None, "{workspace}: {below}");
        }
        assert_eq!(remedy("[package]\nname = \"x\"\n", "mine"), None);
        assert_eq!(remedy("garbage = = ", "mine"), None);
    }
}
