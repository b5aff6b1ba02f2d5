//! The workbook is embedded in the binary; rust-embed notices changed files, but not new ones.

fn main() {
    for folder in ["exercises", "solutions", "tests/hidden", "tests/testkit"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
