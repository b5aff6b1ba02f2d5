//! Reads the attacks: what each must get stands in its first lines.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the corpus. `limits` wants to exhaust the machine; the others want to be `passed`.
pub(crate) const HEADS: &[&str] = &["overfitting", "evasion", "redirection", "injection", "limits"];

/// What stops attacks. Each of them has an attack that would get through without it.
pub(crate) const DEFENCES: &[&str] = &[
    // Hidden tests that cannot be satisfied by heart.
    "values-at-run-time",
    "exact-counts",
    "repeated-calls",
    "timing",
    "one-call-site",
    "types-pinned",
    "hidden-imports",
    "no-clock-control",
    "test-names",
    // Evidence that cannot be forged.
    "key",
    "key-out-of-reach",
    "report-needed",
    "exit-code",
    // The compiler's command line.
    "unsafe-forbidden",
    "separate-crates",
    "no-testkit",
    "compiler-options",
    "env-clean",
    "hidden-text-kept",
    "fault-needs-no-code",
    // Walls.
    "confinement-files",
    "confinement-exec",
    "confinement-network",
    "confinement-proc",
    "confinement-processes",
    "confinement-namespaces",
    "confinement-mounts",
    "confinement-calls",
    // Limits.
    "limits-time",
    "limits-compile",
    "limits-memory",
    "limits-output",
    "limits-file-size",
    "limits-files",
    "limits-threads",
    "limits-scratch",
    "source-cap",
    "sanitise",
    "clean-up",
];

const VERDICTS: &[&str] = &["failed", "hung", "crashed", "does_not_compile"];

/// One attack.
#[derive(Debug)]
pub(crate) struct Attack {
    pub(crate) head: String,
    pub(crate) name: String,
    pub(crate) exercise: String,
    /// The verdicts that it may get; more than one where a race or a limit of the machine decides.
    pub(crate) expects: Vec<String>,
    /// Part of what the verdict says.
    pub(crate) says: Option<String>,
    /// What the verdict must not say.
    pub(crate) hides: Vec<String>,
    pub(crate) stopped_by: Vec<String>,
    pub(crate) needs_confinement: bool,
    /// Graded twice after all others, in a folder that nobody else uses at the time; then an honest submission follows.
    pub(crate) alone: bool,
    pub(crate) source: Vec<u8>,
}

impl Attack {
    pub(crate) fn id(&self) -> String {
        format!("{}/{}", self.head, self.name)
    }
}

/// What stands for `{{…}}` in an attack.
#[derive(Debug)]
pub(crate) struct Words {
    /// Of the repository.
    root: PathBuf,
    grader_home: PathBuf,
    /// Where the dependencies are built.
    target: PathBuf,
    home: PathBuf,
    home_file: PathBuf,
    /// On the command line of processes that want to hide.
    pub(crate) mark: String,
}

impl Words {
    pub(crate) fn new(root: PathBuf, grader_home: PathBuf, target: PathBuf) -> Self {
        let home = std::env::var_os("HOME").map_or_else(|| PathBuf::from("/"), PathBuf::from);
        let files = fs::read_dir(&home).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut files: Vec<_> =
            files.filter(|path| path.is_file() && fs::read_to_string(path).is_ok()).collect();
        files.sort();
        let home_file = files.into_iter().next().unwrap_or_else(|| home.join(".profile"));
        let mark = format!("tokiolings-attack-{}", std::process::id());
        Self { root, grader_home, target, home, home_file, mark }
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{{ROOT}}", &self.root.display().to_string())
            .replace("{{GRADER_HOME}}", &self.grader_home.display().to_string())
            .replace("{{TARGET}}", &self.target.display().to_string())
            .replace("{{HOME}}", &self.home.display().to_string())
            .replace("{{HOME_FILE}}", &self.home_file.display().to_string())
            .replace("{{MARK}}", &self.mark)
    }
}

/// All attacks below `folder`, in the order of their names.
pub(crate) fn read(folder: &Path, words: &Words) -> Vec<Attack> {
    let mut attacks = Vec::new();
    for head in HEADS {
        let mut paths: Vec<_> = fs::read_dir(folder.join(head))
            .unwrap_or_else(|error| panic!("{head}: {error}"))
            .map(|entry| entry.expect("the folder stays").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .collect();
        paths.sort();
        for path in paths {
            let text =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = path.file_stem().expect("it has an extension").to_string_lossy().into_owned();
            attacks.push(parse(head, name, &text, words));
        }
    }
    attacks
}

fn parse(head: &str, name: String, text: &str, words: &Words) -> Attack {
    let header: Vec<(&str, &str)> = text
        .lines()
        .map_while(|line| line.strip_prefix("//! "))
        .map_while(|line| line.split_once(": "))
        .collect();
    let all = |key: &str| {
        header.iter().filter(|(name, _)| *name == key).map(|(_, value)| *value).collect::<Vec<_>>()
    };
    let one = |key: &str| all(key).first().copied();
    let must =
        |key: &str| one(key).unwrap_or_else(|| panic!("{head}/{name}: no `//! {key}: …` in the first lines"));
    let known = ["attacks", "expects", "says", "hides", "needs", "alone", "generate", "stopped by"];
    for (key, _) in &header {
        assert!(known.contains(key), "{head}/{name}: no such line: `//! {key}: …`");
    }
    let expects: Vec<String> = must("expects").split('|').map(|verdict| verdict.trim().to_owned()).collect();
    for verdict in &expects {
        assert!(
            VERDICTS.contains(&verdict.as_str()),
            "{head}/{name} expects {verdict:?}, not one of {VERDICTS:?}"
        );
    }
    let stopped_by: Vec<String> = must("stopped by").split(',').map(|name| name.trim().to_owned()).collect();
    for defence in &stopped_by {
        assert!(
            DEFENCES.contains(&defence.as_str()),
            "{head}/{name} is stopped by {defence:?}, which is no defence"
        );
    }
    let needs = one("needs");
    assert!(needs.is_none_or(|need| need == "confinement"), "{head}/{name} needs {needs:?}");
    Attack {
        head: head.to_owned(),
        exercise: must("attacks").to_owned(),
        expects,
        says: one("says").map(str::to_owned),
        hides: all("hides").into_iter().map(str::to_owned).collect(),
        stopped_by,
        needs_confinement: needs.is_some(),
        alone: one("alone").is_some(),
        source: generate(one("generate"), words.fill(text)),
        name,
    }
}

/// What is too long, or too strange, to be written into a file of the repository.
fn generate(how: Option<&str>, text: String) -> Vec<u8> {
    const DEEP: usize = 20_000;
    match how {
        None => text.into_bytes(),
        Some("parentheses") => {
            put(&text, "{{PARENTHESES}}", &format!("{}1{}", "(".repeat(DEEP), ")".repeat(DEEP)))
        }
        Some("sum") => put(&text, "{{SUM}}", &format!("0{}", "+1".repeat(100_000))),
        Some("words") => put(&text, "{{WORDS}}", &"x ".repeat(10_000)),
        Some("big-source") => {
            let line = "// nothing to see here, and much of it\n";
            (text + &line.repeat((100 << 20) / line.len())).into_bytes()
        }
        Some("script") => [b"#!/*\n", text.as_bytes()].concat(),
        Some("not-utf8") => [text.as_bytes(), b"// \xff\xfe\xc3\x28\n"].concat(),
        Some("zeros") => [text.as_bytes(), b"const ZERO: \0 u8 = 0;\n"].concat(),
        Some(other) => panic!("nothing generates {other:?}"),
    }
}

/// A formatter that takes the mark apart would leave a harmless attack behind.
fn put(text: &str, mark: &str, value: &str) -> Vec<u8> {
    assert!(text.contains(mark), "no {mark} in:\n{text}");
    text.replace(mark, value).into_bytes()
}
