//! A Windows program in place of `rustc.exe` and `cargo.exe`, for gradings under Wine. `tests/wine/grading` builds it, and nobody
//! ships it.
//!
//! It asks the compiler of the Linux around Wine. Wine starts a Linux program by its path, but connects it to no pipe and does not
//! pass on its exit code. So the stub writes the question into a file, starts `answer`, waits until the exit code stands in another
//! file, and prints what the compiler printed.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitCode, id};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

fn main() -> io::Result<ExitCode> {
    let own = std::env::current_exe()?;
    let name = own.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let toolchain = own.ancestors().nth(2).expect("it is in the folder `bin` of a toolchain");
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args == ["--print=sysroot"] {
        println!("{}", toolchain.display());
        return Ok(ExitCode::SUCCESS);
    }

    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let question = toolchain.join("asked").join(format!("{}-{now}", id()));
    let folder = std::env::current_dir()?.to_string_lossy().into_owned();
    let words = [name, folder].into_iter().chain(args);
    let words: String = words.map(|word| linux(&word) + "\0").collect();
    fs::write(&question, words)?;
    Command::new(toolchain.join("bin/answer")).arg(linux(&question.to_string_lossy())).spawn()?;

    let code = loop {
        match fs::read_to_string(question.with_extension("code")) {
            Ok(code) => break code.trim().parse::<u8>().map_err(io::Error::other)?,
            Err(_) => sleep(Duration::from_millis(5)),
        }
    };
    hand_on(&question.with_extension("out"), &mut io::stdout())?;
    hand_on(&question.with_extension("err"), &mut io::stderr())?;
    Ok(ExitCode::from(code))
}

fn hand_on(file: &Path, to: &mut impl Write) -> io::Result<()> {
    to.write_all(&fs::read(file)?)?;
    to.flush()
}

/// Wine's drive `Z:` is the root folder of Linux.
fn linux(word: &str) -> String {
    match word.find(r"Z:\").or_else(|| word.find("Z:/")) {
        Some(at) => format!("{}{}", &word[..at], word[at + 2..].replace('\\', "/")),
        None => word.to_owned(),
    }
}
