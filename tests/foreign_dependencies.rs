//! What a workbook of somebody else's depends on is built behind walls when other people's work is graded: its build scripts
//! and macros get at nothing outside, and what they make can be used all the same.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "clippy takes only the `#[test]` functions of this file for tests")]

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// What a build script and a macro try, each with its name if it works. `OUTSIDE`, `BOOK` and `PORT` are filled in.
const TRIES: &str = r#"
fn tries() -> String {
    use std::fs::{self, OpenOptions, Permissions};
    use std::os::unix::fs::PermissionsExt;
    let mut worked = String::new();
    let mut tried = |what: &str, works: bool| {
        if works {
            worked.push_str(what);
            worked.push_str("; ");
        }
    };
    let key = "OUTSIDE/key";
    tried("reads", fs::read(key).is_ok());
    tried("lists", fs::read_dir("OUTSIDE").is_ok());
    tried("changes a mode", fs::set_permissions(key, Permissions::from_mode(0o666)).is_ok());
    tried("writes", OpenOptions::new().append(true).open("OUTSIDE/open").is_ok());
    tried("makes", fs::write("OUTSIDE/made", "").is_ok());
    tried("writes its own source", fs::write("BOOK/evil/made", "").is_ok());
    tried("reads hidden tests", fs::read("BOOK/tests/hidden/01_only/use_it.rs").is_ok());
    tried("connects", std::net::TcpStream::connect(("127.0.0.1", PORT)).is_ok());
    tried("knows a token", std::env::var("SCHOOL_TOKEN").is_ok());
    tried("reads keys of cargo", ["credentials.toml", "config.toml"].iter().any(|name| {
        let home = std::env::var("CARGO_HOME").unwrap_or_default();
        fs::read_to_string(format!("{home}/{name}")).is_ok_and(|text| text.contains("token"))
    }));
    worked
}
"#;

const FILES: &[(&str, &str)] = &[
    // What its members inherit is in a manifest above them.
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"evil\", \"beside\"]\nresolver = \"3\"\n\n[workspace.package]\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    ),
    (
        "evil/Cargo.toml",
        "[package]\nname = \"evil\"\nversion.workspace = true\nedition.workspace = true\n\n\
         [dependencies]\nevil-macro = { path = \"../beside\" }\n",
    ),
    (
        "evil/build.rs",
        "TRIES\nfn main() {\n    let file = std::env::var(\"OUT_DIR\").unwrap() + \"/worked\";\n    std::fs::write(file, tries()).unwrap();\n}\n",
    ),
    (
        "evil/src/lib.rs",
        "pub const BUILT: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/worked\"));\npub const EXPANDED: &str = evil_macro::worked!();\n",
    ),
    (
        "beside/Cargo.toml",
        "[package]\nname = \"evil-macro\"\nversion.workspace = true\nedition.workspace = true\n\n[lib]\nproc-macro = true\n",
    ),
    (
        "beside/src/lib.rs",
        "TRIES\n#[proc_macro]\npub fn worked(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n    format!(\"{:?}\", tries()).parse().unwrap()\n}\n",
    ),
    ("exercises/01_only/README.md", "# Only\n"),
    (
        "exercises/01_only/chapter.toml",
        "title = \"Only\"\n\n[[step]]\nexercise = \"use_it\"\ncore = true\nhints = [\"a\", \"b\", \"c\"]\n",
    ),
    ("exercises/01_only/use_it.rs", "pub fn worked() -> String {\n    todo!()\n}\n"),
    (
        "solutions/01_only/use_it.rs",
        "pub fn worked() -> String {\n    format!(\"{}{}\", evil::BUILT, evil::EXPANDED)\n}\n",
    ),
    (
        "tests/hidden/01_only/use_it.rs",
        "#[test]\nfn nothing_works() {\n    let worked = exercise::worked();\n    assert!(worked.is_empty(), \"{worked}\");\n    assert_eq!(worked, evil::BUILT);\n}\n",
    ),
];

/// A workbook that depends on such crates, in `book`, and what they reach for in `outside`.
struct Place {
    folder: TempDir,
    listener: TcpListener,
}

impl Place {
    fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let place = Self { folder: tempfile::tempdir().unwrap(), listener };
        // Only what is private must keep others out.
        fs::set_permissions(place.folder.path(), Permissions::from_mode(0o755)).unwrap();
        for (path, text) in FILES {
            place.write(&format!("book/{path}"), &place.filled(text));
        }
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let real = fs::read_to_string(root.join("exercises/workbook.toml")).unwrap();
        let (_, dependencies) = real.split_once("[dependencies]\n").unwrap();
        place.write(
            "book/exercises/workbook.toml",
            &format!(
                "format = 1\ntitle = \"Small\"\nwelcome = \"Hello.\"\nfarewell = \"Goodbye.\"\nchapters = [\"01_only\"]\n\n\
                 [dependencies]\nevil = {{ path = \"../evil\" }}\n{dependencies}"
            ),
        );
        let lock = fs::read_to_string(root.join("exercises/workbook.lock")).unwrap();
        place.write("book/exercises/workbook.lock", &locked(&lock));
        for file in ["key", "open"] {
            place.write(&format!("outside/{file}"), "secret");
        }
        place.set_mode("outside", 0o777);
        place.set_mode("outside/key", 0o600);
        place.set_mode("outside/open", 0o666);
        place
    }

    fn filled(&self, text: &str) -> String {
        let port = self.listener.local_addr().unwrap().port().to_string();
        text.replace("TRIES", TRIES)
            .replace("OUTSIDE", self.path("outside").to_str().unwrap())
            .replace("BOOK", self.path("book").to_str().unwrap())
            .replace("PORT", &port)
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn write(&self, below: &str, text: &str) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn set_mode(&self, below: &str, mode: u32) {
        fs::set_permissions(self.path(below), Permissions::from_mode(mode)).unwrap();
    }

    fn mode(&self, below: &str) -> u32 {
        fs::metadata(self.path(below)).unwrap().permissions().mode() & 0o7777
    }
}

/// The lock file of the built-in workbook's dependencies, with the two crates in it, in cargo's order.
fn locked(lock: &str) -> String {
    let mark = "\n[[package]]\n";
    let (head, packages) = lock.split_once(mark).unwrap();
    let mut packages: Vec<String> = packages.split(mark).map(|text| text.trim_end().to_owned()).collect();
    for package in &mut packages {
        if package.starts_with("name = \"tokiolings-workbook\"") {
            *package = package.replace("dependencies = [\n", "dependencies = [\n \"evil\",\n");
        }
    }
    packages.push("name = \"evil\"\nversion = \"0.1.0\"\ndependencies = [\n \"evil-macro\",\n]".to_owned());
    packages.push("name = \"evil-macro\"\nversion = \"0.1.0\"".to_owned());
    packages.sort_by_key(|text| text.split('"').nth(1).unwrap().to_owned());
    let packages: Vec<String> = packages.iter().map(|text| format!("{mark}{text}\n")).collect();
    head.to_owned() + &packages.concat()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn build_scripts_and_macros_get_at_nothing_and_what_they_make_is_used() {
    let place = Place::new();
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("foreign-dependencies");
    let output = Command::new(env!("CARGO_BIN_EXE_tokiolings"))
        .args(["--workbook", "book", "grade", "use_it", "book/solutions/01_only/use_it.rs"])
        .current_dir(place.folder.path())
        .env("TOKIOLINGS_HOME", &home)
        .env("SCHOOL_TOKEN", "secret")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    // Its own each time, as the workbook is.
    let _ = fs::remove_dir_all(home.join("dependencies"));
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if said.contains("cannot build the whole sandbox") {
        return;
    }
    assert_eq!(output.status.code(), Some(0), "{said}");
    let modes = ["outside", "outside/key", "outside/open"].map(|below| place.mode(below));
    assert_eq!(modes, [0o777, 0o600, 0o666]);
    assert_eq!(fs::read_dir(place.path("outside")).unwrap().count(), 2);
    assert!(!place.path("book/evil/made").exists());
}
