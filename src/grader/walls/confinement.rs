//! How the grader has a child confined.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::bait::Trap;
use super::namespaces::NOBODY;
use super::order::{HOLD, Order, STEPS_DOWN};
use super::places::{loaders, system_libraries};
use super::rights::{Limits, Walls};
use super::stand_by::{StandBy, Walled};
use super::unconfinable::Unconfinable;
use crate::grader::child::process::{self, Ended, Outcome, Spec};

/// How children are confined.
#[derive(Debug, Clone)]
pub struct Confinement {
    /// The processes that build walls.
    by: StandBy,
    /// What holds, for people and reports.
    pub protections: Vec<String>,
}

impl Confinement {
    /// Asks `helper`, which is this program, to build every wall once and then to attack them from within.
    ///
    /// # Errors
    /// The walls that this machine cannot build, or what got through them.
    pub async fn probe(helper: PathBuf) -> Result<Self, Unconfinable> {
        let mut confinement = Self { by: StandBy::new(helper), protections: Vec::new() };
        let trap = Trap::lay().map_err(|error| Unconfinable(vec![format!("cannot lay a bait: {error}")]))?;
        // Two compiles are what comes first.
        let attacked =
            meanwhile(confinement.by.make_ready(2), confinement.attack(&trap, probed(&trap))).await;
        confinement.protections = attacked.map_err(Unconfinable)?;
        Ok(confinement)
    }

    /// Gives what holds, or what does not.
    async fn attack(&self, trap: &Trap, walls: Walls) -> Result<Vec<String>, Vec<String>> {
        let order = Order { walls, bait: Some(trap.bait()) };
        let spec = Spec {
            limit: Duration::from_secs(30),
            walled: Some(Box::new(self.walled(&order))),
            ..Spec::default()
        };
        let (mut answer, mut complaint) = (Vec::new(), Vec::new());
        let mut sink = |stream, bytes: &[u8]| match stream {
            process::Stream::Out => answer.extend_from_slice(bytes),
            process::Stream::Err => complaint.extend_from_slice(bytes),
        };
        let outcome = process::run(spec, &mut sink).await;
        let lines =
            |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
        match outcome {
            Ok(Outcome { end: Ended::Exited(0), .. }) if answer.starts_with(HOLD.as_bytes()) => {
                Ok(lines(&answer[HOLD.len()..]))
            }
            _ if !complaint.is_empty() => Err(lines(&complaint)),
            // Had it become another program, that one would have ended like this.
            Ok(outcome) => Err(vec![format!("the probe in the sandbox has not answered: {:?}", outcome.end)]),
            Err(error) => Err(vec![format!("failed to {error}")]),
        }
    }

    /// Gives a folder, and all that this process has put there, to whoever writes there behind walls: root has become nobody
    /// by then, others stay who they are.
    pub(crate) fn hand_over(&self, folder: &Path) -> std::io::Result<()> {
        if self.steps_down() {
            return give(folder, NOBODY, NOBODY);
        }
        Ok(())
    }

    /// Lets everybody enter a folder, whatever the grader's user prefers, and nobody but that user write there.
    pub(crate) fn let_in(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::set_permissions(folder, Permissions::from_mode(0o755))
    }

    /// Takes back what was handed over, and what was made there: nobody, who may be somebody else next, cannot change it any more.
    pub(crate) fn take_back(&self, folder: &Path) -> std::io::Result<()> {
        if self.steps_down() {
            let (user, group) = (rustix::process::geteuid(), rustix::process::getegid());
            return give(folder, user.as_raw(), group.as_raw());
        }
        Ok(())
    }

    fn steps_down(&self) -> bool {
        self.protections.iter().any(|line| line == STEPS_DOWN)
    }

    /// The same, done behind walls, in the folder that they name.
    pub(crate) fn enclose(&self, walls: &Walls, spec: Spec) -> Spec {
        self.enclosure(walls).enclose(spec)
    }

    /// Such walls for many.
    pub(crate) fn enclosure(&self, walls: &Walls) -> Enclosure {
        Enclosure(self.walled(&Order { walls: walls.clone(), bait: None }))
    }

    fn walled(&self, order: &Order) -> Walled {
        let order = serde_json::to_string(order).expect("paths that cargo and this program made are UTF-8");
        Walled::new(self.by.clone(), order)
    }
}

/// Walls for children of which each may do the same, and gets its own.
#[derive(Debug)]
pub(crate) struct Enclosure(Walled);

impl Enclosure {
    /// The same, done behind these walls.
    pub(crate) fn enclose(&self, spec: Spec) -> Spec {
        Spec { walled: Some(Box::new(self.0.clone())), ..spec }
    }

    /// Does something that takes a while, and meanwhile has walls built for so many children. Whatever they name must be
    /// there, and stay: what is put in its place later, they do not show.
    pub(crate) async fn building_ahead<T>(&self, count: usize, work: impl Future<Output = T>) -> T {
        meanwhile(self.0.build_ahead(count), work).await
    }
}

/// Does something, and beside it something else that is given up when the first is done.
async fn meanwhile<T>(other: impl Future<Output = ()>, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        biased;
        done = &mut work => done,
        () = other => work.await,
    }
}

/// Gives a folder and all that is in it to somebody.
fn give(path: &Path, user: u32, group: u32) -> std::io::Result<()> {
    let given = std::fs::symlink_metadata(path).and_then(|data| {
        if data.uid() != user {
            lchown(path, Some(user), Some(group))?;
        }
        if data.is_dir() {
            std::fs::read_dir(path)?.try_for_each(|entry| give(&entry?.path(), user, group))
        } else {
            Ok(())
        }
    });
    match given {
        // A compiler that is at work there has removed it.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        given => given,
    }
}

/// The walls of a hidden test, as the probe attacks them.
fn probed(trap: &Trap) -> Walls {
    Walls {
        folder: trap.scratch(),
        read: system_libraries(),
        write: Vec::new(),
        execute: loaders(),
        scratch: trap.scratch(),
        links: Vec::new(),
        copies: Vec::new(),
        loopback: true,
        children: false,
        limits: Limits::probe(),
    }
}

#[cfg(test)]
mod tests;
