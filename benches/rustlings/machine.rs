//! What the numbers were measured on.

use std::fs;
use std::path::Path;

use crate::programs::command;

/// One paragraph about the machine.
pub(crate) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpu = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|total| total.strip_suffix("kB")?.trim().parse::<f64>().ok())
        .map_or_else(|| "?".to_owned(), |kib| format!("{:.1}", kib / 1024.0 / 1024.0));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').take(3).collect::<Vec<_>>().join(" ");
    format!(
        "{cores} cores of {cpu}, {memory} GiB, {} {}, {}; load average at the start {load}",
        std::env::consts::OS,
        kernel.trim(),
        version("rustc"),
    )
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn version(program: &str) -> String {
    let output = command(Path::new(program)).arg("-V").output();
    output.map_or_else(
        |_| "no rustc".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}
