//! The workbook is embedded in the binary; include_dir notices changed files, but not new ones.

fn main() {
    for folder in ["exercises", "solutions", "tests/hidden", "tests/mutants", "tests/testkit"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
