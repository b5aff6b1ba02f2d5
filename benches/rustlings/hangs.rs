//! How soon a hang is told. rustlings has no limit of time: it waits until the learner stops it, so there is nothing to compare with.

use std::fs;
use std::path::PathBuf;

use crate::exercises::Exercise;
use crate::programs::{Program, time_until};
use crate::table::Samples;
use crate::{Bench, FEW, Outcome};

/// Wrong answers that hang, and whether they sleep or burn a core.
const HANGS: [(&str, &str, &str); 10] = [
    ("block_on_bridge", "handle_does_not_drive", "asleep"),
    ("runtime_inside_runtime", "parking_block_on", "asleep"),
    ("thousand_sleepers", "spins_on_tokio_time", "busy"),
    ("spinning_block_on", "unparks_the_caller", "asleep"),
    ("lost_wakeup", "locked_while_polling", "asleep"),
    ("wake_the_right_thread", "handle_taken_in_wake", "asleep"),
    ("detached_task", "waits_for_the_end", "busy"),
    ("local_state", "local_set_not_driven", "asleep"),
    ("offload_blocking", "thread_joined", "asleep"),
    ("cpu_hog", "thread_joined", "asleep"),
];

impl Bench {
    /// `run` and `grade` of each, its verdict forgotten each time.
    pub(crate) fn hangs(&self) -> Outcome<()> {
        println!("\n### From a wrong answer that hangs to its verdict\n");
        println!("| median (minimum) of {FEW} | kind | `run` | `grade` |\n|---|---|---:|---:|");
        let refused = |command| time_until(command, None, &[1]);
        let (all, _) = Exercise::all(&self.repository)?;
        for (name, answer, kind) in HANGS {
            let exercise = all.iter().find(|exercise| exercise.name == name);
            let exercise = exercise.ok_or_else(|| format!("find an exercise `{name}`"))?;
            let folder: PathBuf = self.repository.join("tests/wrong").join(&exercise.chapter).join(name);
            let path = folder.join(answer).with_extension("rs");
            let read = fs::read_to_string(&path).map_err(|error| format!("read {}: {error}", path.display()));
            let place = self.ours.folder.join(exercise.path());
            let before =
                fs::read_to_string(&place).map_err(|error| format!("read {}: {error}", place.display()));
            let (text, before) = (read?, before?);
            let write = |text: &str| {
                fs::write(&place, text).map_err(|error| format!("write {}: {error}", place.display()))
            };
            write(&text)?;
            let (mut run, mut grade) = (Samples::default(), Samples::default());
            for _ in 0..FEW {
                self.ours.forget_verdicts()?;
                run.push(refused(self.ours.run(exercise)?)?);
                self.ours.forget_verdicts()?;
                grade.push(refused(self.ours.grade(exercise, true))?);
            }
            write(&before)?;
            println!("| `{name}`, {answer} | {kind} | {} | {} |", run.time(), grade.time());
        }
        Ok(())
    }
}
