//! The crates that a workbook's exercises may use.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::names::is_snake_case;
use super::walk::{At, Table, kind, suggestion};

/// The dependencies of a workbook, by tier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dependencies {
    /// What every exercise sees, in the author's order.
    pub base: Vec<Dependency>,
    /// What an exercise sees besides when it `needs` the tier of that name.
    pub tiers: BTreeMap<String, Vec<Dependency>>,
    /// `exercises/workbook.lock`: the `Cargo.lock` that fixes every version, if the workbook has one.
    pub lock: Option<String>,
}

/// One dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The name it is imported by, as it stands in Cargo's table (`tokio-util`).
    pub name: String,
    /// The value that stands there for it, on one line: `"1"` or `{ version = "1", … }`.
    pub spec: String,
}

/// A table with one of these as a key is a dependency; any other is a tier.
const SOURCES: [&str; 4] = ["version", "path", "git", "workspace"];

/// What else Cargo reads in a dependency. It only warns about others, where nobody sees the warning.
const DETAILS: [&str; 7] = ["features", "default-features", "branch", "tag", "rev", "package", "registry"];

impl Dependencies {
    /// The crates that an exercise of that tier can import, as Rust spells them (`tokio_util`).
    #[must_use]
    pub fn crates_for(&self, tier: Option<&str>) -> Vec<String> {
        self.base
            .iter()
            .chain(self.brought_by(tier))
            .map(|dependency| dependency.name.replace('-', "_"))
            .collect()
    }

    /// What a tier has beyond the base; nothing without one.
    #[must_use]
    pub fn brought_by(&self, tier: Option<&str>) -> &[Dependency] {
        tier.and_then(|tier| self.tiers.get(tier)).map_or(&[], Vec::as_slice)
    }

    /// The lines below `[dependencies]` and the lines below `[features]` of a manifest in which each tier is a
    /// feature: built only on request, yet in one lock file with all the others.
    #[must_use]
    pub fn features_toml(&self) -> (String, String) {
        let mut dependencies = String::new();
        for Dependency { name, spec } in &self.base {
            writeln!(dependencies, "{name} = {spec}").expect("a String takes all text");
        }
        let mut written = BTreeSet::new();
        let mut features = String::new();
        for (tier, members) in &self.tiers {
            for dependency in members {
                // Two tiers may share a crate; Cargo wants it once.
                if written.insert(&dependency.name) {
                    writeln!(dependencies, "{} = {}", dependency.name, dependency.optional())
                        .expect("a String takes all text");
                }
            }
            let names: Vec<String> =
                members.iter().map(|member| format!("\"dep:{}\"", member.name)).collect();
            writeln!(features, "{tier} = [{}]", names.join(", ")).expect("a String takes all text");
        }
        (dependencies, features)
    }

    /// Reads `[dependencies]`. `base` is the folder that a dependency's `path` starts from.
    pub(super) fn read(table: &Table<'_>, base: Option<&Path>) -> Self {
        let mut dependencies = Self::default();
        let mut tiers = Vec::new();
        for (key, value) in table.entries() {
            match value.get_ref().as_table() {
                Some(entries) if !is_dependency(entries) => tiers.push((key, entries)),
                _ => dependencies.base.extend(dependency(table, &key, value, base)),
            }
        }
        for (tier, entries) in tiers {
            let members = dependencies.tier(table, &tier, entries, base);
            dependencies.tiers.insert(tier.value.to_owned(), members);
        }
        dependencies
    }

    fn tier<'a>(
        &self,
        table: &Table<'a>,
        tier: &At<&str>,
        entries: &'a DeTable<'a>,
        base: Option<&Path>,
    ) -> Vec<Dependency> {
        // A tier becomes a Cargo feature, and Cargo always enables `default`.
        if !is_snake_case(tier.value) || tier.value == "default" {
            table.fault(tier.line, format!("`{}` cannot name a tier: use snake_case", tier.value));
        }
        if entries.is_empty() {
            table.fault(
                tier.line,
                format!(
                    "the tier `{}` is empty; a dependency needs a `version`, `path` or `git`",
                    tier.value
                ),
            );
        }
        let mut members: Vec<Dependency> = Vec::new();
        for (key, value) in table.inner(entries, "a tier", tier.line).entries() {
            if value.get_ref().as_table().is_some_and(|entries| !is_dependency(entries)) {
                table.fault(key.line, format!("`{}` needs a `version`, `path` or `git`", key.value));
                continue;
            }
            let Some(member) = dependency(table, &key, value, base) else { continue };
            if self.base.iter().any(|other| other.name == member.name) {
                table.fault(
                    key.line,
                    format!("`{}` is already a dependency of every tier; remove it here", key.value),
                );
            }
            let twin = self.tiers.values().flatten().find(|other| other.name == member.name);
            if twin.is_some_and(|twin| twin.spec != member.spec) {
                table.fault(
                    key.line,
                    format!(
                        "`{}` is written differently in another tier; write it the same in both",
                        key.value
                    ),
                );
            }
            members.push(member);
        }
        members
    }
}

impl Dependency {
    fn optional(&self) -> String {
        match self.spec.strip_suffix('}') {
            Some(table) => format!("{}, optional = true }}", table.trim_end()),
            None => format!("{{ version = {}, optional = true }}", self.spec),
        }
    }
}

fn is_dependency(table: &DeTable<'_>) -> bool {
    SOURCES.iter().any(|source| table.contains_key(*source))
}

fn dependency<'a>(
    table: &Table<'a>,
    key: &At<&'a str>,
    value: &'a Spanned<DeValue<'a>>,
    base: Option<&Path>,
) -> Option<Dependency> {
    let valid = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !key.value.starts_with(|c: char| c.is_ascii_alphabetic()) || !key.value.chars().all(valid) {
        table.fault(key.line, format!("`{}` is not the name of a crate", key.value));
        return None;
    }
    match value.get_ref() {
        DeValue::String(_) => {}
        DeValue::Table(entries) => {
            for (detail, _) in table.inner(entries, "a dependency", key.line).entries() {
                if detail.value == "optional" {
                    table.fault(
                        detail.line,
                        "`optional` is set for the dependencies of a tier; put this one into a tier instead",
                    );
                } else if !SOURCES.contains(&detail.value) && !DETAILS.contains(&detail.value) {
                    let hint = suggestion(detail.value, SOURCES.into_iter().chain(DETAILS));
                    table.fault(
                        detail.line,
                        format!("`{}` is not a key of a dependency; {hint}", detail.value),
                    );
                }
            }
        }
        other => {
            let problem = format!(
                "`{}` is {}, but must be a version, a dependency's table or a tier",
                key.value,
                kind(other)
            );
            table.fault(key.line, problem);
            return None;
        }
    }
    let mut spec = match toml::Value::deserialize(ValueDeserializer::from(value.clone())) {
        Ok(spec) => spec,
        Err(error) => {
            table.fault(key.line, format!("`{}` cannot be read: {}", key.value, error.message()));
            return None;
        }
    };
    if let Some(path) = spec.get_mut("path") {
        // The manifest that this ends up in lies elsewhere, so the path must not depend on where.
        match (base, path.as_str()) {
            (Some(base), Some(text)) => {
                *path = toml::Value::String(base.join(text).to_string_lossy().into_owned());
            }
            _ => table.fault(key.line, format!("`{}` has a `path`, which leads nowhere here", key.value)),
        }
    }
    Some(Dependency { name: key.value.to_owned(), spec: spec.to_string() })
}

#[cfg(test)]
mod tests {
    use super::super::walk::{Document, Findings};
    use super::*;

    fn read(text: &str) -> (Dependencies, Vec<String>) {
        let findings = Findings::default();
        let dependencies = {
            let document = Document::parse("workbook.toml", text, &findings);
            let table = document.top("a workbook").table("dependencies", "[dependencies]").unwrap();
            Dependencies::read(&table, Some(Path::new("/book/exercises")))
        };
        let faults = findings.into_result().err().map(|faults| faults.0).unwrap_or_default();
        (dependencies, faults.iter().map(ToString::to_string).collect())
    }

    const TIERED: &str = r#"
[dependencies]
tokio = { version = "1", features = ["full", "test-util"] }
bytes = "1.9"
[dependencies.futures]
version = "0.3"
default-features = false
[dependencies.codec]
tokio-util = { version = "0.7", features = ["codec"] }
memchr = "2"
[dependencies.http]
memchr = "2"
[dependencies.http.axum]
version = "0.8"
"#;

    #[test]
    fn a_table_without_a_source_is_a_tier() {
        let (dependencies, faults) = read(TIERED);
        assert_eq!(faults, [""; 0]);
        assert_eq!(dependencies.crates_for(None), ["tokio", "bytes", "futures"]);
        assert_eq!(
            dependencies.crates_for(Some("codec")),
            ["tokio", "bytes", "futures", "tokio_util", "memchr"]
        );
        assert_eq!(dependencies.base[1].spec, "\"1.9\"");
        assert_eq!(dependencies.base[2].spec, r#"{ default-features = false, version = "0.3" }"#);
        assert_eq!(dependencies.tiers.keys().collect::<Vec<_>>(), ["codec", "http"]);
    }

    #[test]
    fn the_features_are_a_manifest_that_cargo_reads() {
        let (dependencies, features) = read(TIERED).0.features_toml();
        let manifest = format!("[dependencies]\n{dependencies}[features]\n{features}");
        let parsed: toml::Table = toml::from_str(&manifest).unwrap();
        assert_eq!(parsed["features"]["codec"].to_string(), r#"["dep:tokio-util", "dep:memchr"]"#);
        assert_eq!(parsed["features"]["http"].to_string(), r#"["dep:memchr", "dep:axum"]"#);
        let of = |name: &str| parsed["dependencies"][name].clone();
        assert_eq!(of("memchr").to_string(), r#"{ optional = true, version = "2" }"#);
        assert_eq!(of("tokio-util")["optional"].as_bool(), Some(true));
        assert_eq!(of("tokio").get("optional"), None);
        assert_eq!(of("tokio")["features"].to_string(), r#"["full", "test-util"]"#);
    }

    #[test]
    fn a_path_is_made_independent_of_the_manifest_it_ends_up_in() {
        let (dependencies, faults) = read("[dependencies]\nmine = { path = \"mine\" }\n");
        assert_eq!(faults, [""; 0]);
        let spec: toml::Table = format!("mine = {}", dependencies.base[0].spec).parse().unwrap();
        let path = spec["mine"]["path"].as_str().map(Path::new);
        assert_eq!(path, Some(Path::new("/book/exercises/mine")));
    }

    #[test]
    fn every_fault_is_found() {
        let (_, faults) = read(
            "[dependencies]\ntokio = \"1\"\nthree = 3\nbytes = { version = \"1\", feature = [\"std\"] }\n\
             maybe = { version = \"1\", optional = true }\n[dependencies.Codec]\ntokio = \"1\"\n\
             [dependencies.a]\nmemchr = \"1\"\nlog = {}\n[dependencies.b]\nmemchr = \"2\"\n[dependencies.c]\n",
        );
        let starts = [
            ":3: `three` is 3, but must be a version",
            ":4: `feature` is not a key of a dependency; did you mean `features`?",
            ":5: `optional` is set for",
            ":6: `Codec` cannot name a tier",
            ":7: `tokio` is already a dependency of every tier",
            ":10: `log` needs a `version`",
            ":12: `memchr` is written differently",
            ":13: the tier `c` is empty",
        ];
        assert_eq!(faults.len(), starts.len(), "{faults:#?}");
        for (fault, start) in faults.iter().zip(starts) {
            assert!(fault.starts_with(&format!("workbook.toml{start}")), "{fault}");
        }
    }
}
