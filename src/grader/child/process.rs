//! Children: started in a process group of their own, bounded in time, killed as a group, reaped; their output is
//! handed on as it comes.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop};
use thiserror::Error;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Sleep;

use super::attend::Asks;
use super::proof::{Bounds, Proof, Proven};
use super::starved::Starved;
use super::{hang, orphans};
use crate::system::family;
use crate::system::pipe::{self, Theirs};
use crate::verdict::{Hang, HangKind};

/// What to start.
#[derive(Debug, Default)]
pub(crate) struct Spec {
    pub(crate) program: OsString,
    pub(crate) args: Vec<OsString>,
    /// The whole environment: nothing is inherited.
    pub(crate) env: Vec<(OsString, OsString)>,
    pub(crate) cwd: PathBuf,
    /// Standard input; `None` is an empty one.
    pub(crate) stdin: Option<Theirs>,
    /// Standard output and error through one pipe, so that their order is kept; all of it is [`Stream::Out`].
    pub(crate) merged: bool,
    /// From start to the first signal.
    pub(crate) limit: Duration,
    /// Watch whether it hangs: it is killed as soon as that is proven, and at the limit it is told what it was doing.
    pub(crate) bounds: Option<Bounds>,
    /// Its turn on a core: given back when it ends, or as soon as it is seen to be asleep.
    pub(crate) turn: Option<OwnedSemaphorePermit>,
    pub(crate) priority: Priority,
    /// Who starts it behind walls, which know the folder; without, it is started with all rights.
    pub(crate) walled: Option<Box<dyn StartWalled>>,
}

/// Starts a command behind walls.
pub(crate) trait StartWalled: std::fmt::Debug + Send + Sync {
    /// Starts the program with its arguments, in this environment and with these as its input and outputs.
    fn start(
        &self,
        command: &[OsString],
        env: &[(OsString, OsString)],
        streams: Streams,
        priority: Priority,
    ) -> io::Result<Started>;
}

/// What becomes a child's input, of which `None` is an empty one, and its two outputs.
pub(crate) type Streams = (Option<Theirs>, Theirs, Theirs);

/// A child that was started, and the note that it was.
pub(crate) type Started = (Box<dyn ChildWrapper>, Option<orphans::Known>);

/// How a child's claim on the cores compares with that of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Priority {
    /// As that of this process.
    #[default]
    Normal,
    /// It runs when nothing else wants to.
    Low,
}

/// Which of a child's two outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Out,
    Err,
}

/// How a child ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ended {
    Exited(i32),
    Signalled(i32),
    /// Killed at the limit.
    TimedOut(Option<Hang>),
    /// Killed because it was proven to hang.
    Hung(Hang),
    /// Killed because it waited for the machine's clock for too long.
    Waited,
}

/// What came of a child.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) end: Ended,
    pub(crate) took: Duration,
}

/// A child could not be started or waited for.
#[derive(Debug, Error)]
#[error("start {program:?}: {source}")]
pub(crate) struct SpawnError {
    program: OsString,
    pub(crate) source: io::Error,
}

/// Between asking a group to end and making it. Test processes hold nothing that needs longer.
const GRACE: Duration = Duration::from_millis(200);

/// How much of its output says which wall was missing.
const COMPLAINT: usize = 1024;

/// How long a pipe that a surviving grandchild holds open may delay the verdict.
const LEAK_GRACE: Duration = Duration::from_millis(100);

/// Runs a child to its end or to its limit, handing its output to `sink` as it comes. When the future is dropped, the
/// whole group is killed.
pub(crate) async fn run(spec: Spec, sink: &mut dyn FnMut(Stream, &[u8])) -> Result<Outcome, SpawnError> {
    run_attended(spec, sink, None).await
}

/// The same, while someone looks at it.
pub(in crate::grader) async fn run_attended(
    spec: Spec,
    sink: &mut dyn FnMut(Stream, &[u8]),
    asks: Option<Asks<'_>>,
) -> Result<Outcome, SpawnError> {
    let program = spec.program.clone();
    // On the heap: it is the innermost of many futures, and each would have room for it.
    if spec.walled.is_none() {
        return Box::pin(run_io(spec, sink, asks)).await.map_err(|source| SpawnError { program, source });
    }
    let mut complaint = Vec::new();
    let mut both = |stream: Stream, bytes: &[u8]| {
        complaint.extend_from_slice(&bytes[..bytes.len().min(COMPLAINT - complaint.len())]);
        sink(stream, bytes);
    };
    let outcome = Box::pin(run_io(spec, &mut both, asks)).await;
    let source = match outcome {
        Ok(Outcome { end: Ended::Signalled(signal), .. }) if signal == family::NOT_BUILT => io::Error::other(
            format!("no sandbox: {}", String::from_utf8_lossy(&complaint).trim_end().replace('\n', "; ")),
        ),
        Ok(outcome) => return Ok(outcome),
        Err(source) => source,
    };
    Err(SpawnError { program, source })
}

/// Answers what is asked; never ready.
async fn attend(asks: &mut Option<Asks<'_>>, group: Option<family::Id>, walled: bool) {
    match asks {
        Some(asks) => asks.answer(group, walled).await,
        None => std::future::pending().await,
    }
}

async fn run_io(
    mut spec: Spec,
    sink: &mut dyn FnMut(Stream, &[u8]),
    mut asks: Option<Asks<'_>>,
) -> io::Result<Outcome> {
    let Spec { limit, .. } = spec;
    let walled = spec.walled.is_some();
    let explain = spec.bounds.is_some();
    let mut watch = Watch::new(&mut spec);
    let net = watch.net();
    let started = Instant::now();
    let (pipes, theirs) = pipes(spec.merged).await?;
    let (mut child, known) = spawn(spec, theirs)?;
    let mut group = Group::of(child.as_ref(), known);
    if let (Some(pid), Some(seconds), false) = (group.pid, net, walled) {
        family::limit_cpu(pid, seconds);
    }
    let mut output = Output::new(pipes, sink);
    let deadline = tokio::time::sleep(limit);
    tokio::pin!(deadline);
    let seen = loop {
        let printed = output.passed;
        tokio::select! {
            status = family::wait(child.as_mut()) => break Seen::Ended(status?),
            () = output.pass_on() => {}
            seen = watch.look(group.pid, printed) => break seen,
            () = attend(&mut asks, group.pid, walled) => {}
            () = &mut deadline => match watch.due(limit) {
                Some(later) => deadline.as_mut().reset(later.into()),
                None => break Seen::Late,
            },
        }
    };
    let end = match seen {
        Seen::Ended(status) => match (ended(status), net) {
            (Ended::Signalled(family::CPU_IS_UP), Some(seconds)) => Ended::Hung(hang::burnt(seconds)),
            (end, _) => end,
        },
        Seen::Hung(_) | Seen::Waits | Seen::Late => {
            let end = match (seen, group.pid.filter(|_| explain)) {
                (Seen::Hung(hang), _) => Ended::Hung(hang),
                (Seen::Waits, _) => Ended::Waited,
                (_, Some(pid)) => {
                    let ((before, after), printed) = output.meanwhile(hang_of(pid, walled)).await;
                    Ended::TimedOut(Some(hang::explain(&before, &after, printed)))
                }
                (_, None) => Ended::TimedOut(None),
            };
            // A test has nothing to put in order.
            if !explain && group.pid.is_some_and(family::terminate) {
                let end = family::wait(child.as_mut());
                let _ = output.meanwhile(tokio::time::timeout(GRACE, end)).await;
            }
            group.kill(child.as_mut());
            // That cannot be refused; this reaps the leader.
            output.meanwhile(orphans::swept(family::wait(child.as_mut()))).await.0?;
            end
        }
    };
    let took = started.elapsed();
    group.kill(child.as_mut());
    group.disarm();
    orphans::sweep().await;
    output.drain().await;
    Ok(Outcome { end, took })
}

/// Two looks at a group, some time apart.
async fn hang_of(group: family::Id, walled: bool) -> (hang::Sample, hang::Sample) {
    let before = hang::look(group, walled);
    tokio::time::sleep(hang::INTERVAL).await;
    (before, hang::look(group, walled))
}

/// Why nobody waits for a child any more.
enum Seen {
    Ended(ExitStatus),
    Hung(Hang),
    Waits,
    Late,
}

/// What is watched of a child while it runs: whether it still needs its turn on a core, and whether it hangs.
struct Watch {
    permit: Option<OwnedSemaphorePermit>,
    proof: Option<Proof>,
    started: Instant,
    /// The next look, and what the one before it saw.
    next: Pin<Box<Sleep>>,
    before: Option<(hang::Sample, u64)>,
    starved: Starved,
    walled: bool,
}

impl Watch {
    fn new(spec: &mut Spec) -> Self {
        Self {
            permit: spec.turn.take(),
            proof: spec.bounds.take().map(Proof::new),
            started: Instant::now(),
            next: Box::pin(tokio::time::sleep(hang::INTERVAL)),
            before: None,
            starved: Starved::default(),
            walled: spec.walled.is_some(),
        }
    }

    /// The CPU seconds after which the kernel ends it: looks come first, unless something keeps this process from looking.
    fn net(&self) -> Option<u64> {
        self.proof.as_ref().map(Proof::net)
    }

    /// When its time is up, if that is later than now: what it was kept from running does not count.
    fn due(&self, limit: Duration) -> Option<Instant> {
        let due = self.started + limit + self.starved.time(limit);
        (due > Instant::now()).then_some(due)
    }

    /// Looks at the child time after time. Gives its turn back when it is asleep, and is ready with its hang as soon as one is
    /// proven, or when it has waited for the clock for too long. Nothing is lost when this future is dropped.
    async fn look(&mut self, group: Option<family::Id>, printed: u64) -> Seen {
        let Some(pid) = group else { return std::future::pending().await };
        while self.permit.is_some() || self.proof.is_some() {
            self.next.as_mut().await;
            let now = hang::look(pid, self.walled);
            let proven = self.proof.as_mut().and_then(|proof| proof.look(self.started.elapsed(), &now));
            if self.proof.as_mut().is_some_and(|proof| proof.must_yield(&now)) {
                family::yield_to_others(&now.processes);
            }
            self.starved.look(self.started.elapsed(), &now);
            let (before, printed_before) = self.before.replace((now.clone(), printed)).unwrap_or_default();
            let seen = hang::explain(&before, &now, printed - printed_before);
            match proven {
                Some(Proven::Hang(kind)) => return Seen::Hung(Hang { kind, proven: true, ..seen }),
                Some(Proven::Waits) => return Seen::Waits,
                None => {}
            }
            if !before.processes.is_empty() && seen.kind == HangKind::Parked {
                self.permit = None;
            }
            self.next.as_mut().reset(tokio::time::Instant::now() + hang::INTERVAL);
        }
        std::future::pending().await
    }
}

fn ended(status: ExitStatus) -> Ended {
    match (status.code(), family::ended_by(status)) {
        (_, Some(signal)) => Ended::Signalled(signal),
        (Some(code), None) => Ended::Exited(code),
        (None, None) => Ended::Signalled(0),
    }
}

/// What this process reads of a child's two outputs.
type Pipes = (Option<pipe::Reader>, Option<pipe::Reader>);

/// Both outputs, or one for both, and the child's ends.
async fn pipes(merged: bool) -> io::Result<(Pipes, (Theirs, Theirs))> {
    let (out, out_writer) = pipe::output().await?;
    if merged {
        let err_writer = out_writer.try_clone()?;
        return Ok(((Some(out), None), (out_writer, err_writer)));
    }
    let (err, err_writer) = pipe::output().await?;
    Ok(((Some(out), Some(err)), (out_writer, err_writer)))
}

/// Starts it, with or without walls. Its ends of the pipes go with this function: the readers see the end only once all are gone.
fn spawn(spec: Spec, (out, err): (Theirs, Theirs)) -> io::Result<Started> {
    match &spec.walled {
        Some(walled) => {
            // The probe has no command.
            let program = Some(spec.program).filter(|program| !program.is_empty());
            let command: Vec<OsString> = program.into_iter().chain(spec.args).collect();
            walled.start(&command, &spec.env, (spec.stdin, out, err), spec.priority)
        }
        None => start(spec, out, err),
    }
}

fn start(spec: Spec, out: Theirs, err: Theirs) -> io::Result<Started> {
    let mut command = CommandWrap::with_new(&spec.program, |command| {
        command.args(&spec.args).env_clear().envs(spec.env).current_dir(&spec.cwd);
        command.stdin(spec.stdin.map_or_else(Stdio::null, Stdio::from));
        command.stdout(out).stderr(err);
    });
    family::found(&mut command);
    command.wrap(KillOnDrop);
    let started = orphans::start(|| command.spawn(), |child| family::id_of(child.as_ref()))?;
    if spec.priority == Priority::Low {
        family::give_way(family::id_of(started.0.as_ref()));
    }
    Ok(started)
}

/// What a child prints, on its way to whoever wants it. It is read whatever else is waited for: a child whose pipe is full
/// sleeps in its write, and looks like one that waits for something.
struct Output<'a> {
    pipes: Pipes,
    buffers: (Vec<u8>, Vec<u8>),
    sink: &'a mut dyn FnMut(Stream, &[u8]),
    /// Bytes so far.
    passed: u64,
}

impl<'a> Output<'a> {
    fn new(pipes: Pipes, sink: &'a mut dyn FnMut(Stream, &[u8])) -> Self {
        Self { pipes, buffers: (vec![0; 16 * 1024], vec![0; 16 * 1024]), sink, passed: 0 }
    }

    /// Hands on the next piece; never ready once both pipes are closed. Nothing is lost when this future is dropped.
    async fn pass_on(&mut self) {
        let Self { pipes, buffers, sink, passed } = self;
        let (stream, read, pipe, buffer) = tokio::select! {
            read = read(&mut pipes.0, &mut buffers.0) => (Stream::Out, read, &mut pipes.0, &buffers.0),
            read = read(&mut pipes.1, &mut buffers.1) => (Stream::Err, read, &mut pipes.1, &buffers.1),
        };
        match read {
            Ok(0) | Err(_) => *pipe = None,
            Ok(count) => {
                *passed += count as u64;
                sink(stream, &buffer[..count]);
            }
        }
    }

    /// Waits for something and hands on output meanwhile; says how many bytes that were.
    async fn meanwhile<T>(&mut self, event: impl Future<Output = T>) -> (T, u64) {
        let before = self.passed;
        tokio::pin!(event);
        loop {
            tokio::select! {
                value = &mut event => return (value, self.passed - before),
                () = self.pass_on() => {}
            }
        }
    }

    /// Hands on what is left, and does not wait long for those who hold a pipe open.
    async fn drain(&mut self) {
        let leak = tokio::time::sleep(LEAK_GRACE);
        tokio::pin!(leak);
        while self.pipes.0.is_some() || self.pipes.1.is_some() {
            tokio::select! {
                biased;
                () = &mut leak => return,
                () = self.pass_on() => {}
            }
        }
    }
}

/// Reads from a pipe that may be closed already: then never ready, so that `select!` turns to the others.
async fn read(pipe: &mut Option<pipe::Reader>, buffer: &mut [u8]) -> io::Result<usize> {
    match pipe {
        Some(pipe) => pipe.read(buffer).await,
        None => std::future::pending().await,
    }
}

/// Kills the group when dropped: a cancelled grading leaves nothing behind.
struct Group {
    pid: Option<family::Id>,
    known: Option<orphans::Known>,
}

impl Group {
    fn of(child: &dyn ChildWrapper, known: Option<orphans::Known>) -> Self {
        Self { pid: family::id_of(child), known }
    }

    /// Ends what is left of it.
    fn kill(&self, child: &mut dyn ChildWrapper) {
        if let Some(pid) = self.pid {
            family::kill(pid, child);
        }
    }

    /// The leader has been reaped: its number may soon be someone else's.
    fn disarm(&mut self) {
        self.pid = None;
        self.known = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let Some(pid) = self.pid else { return };
        family::kill_left(pid);
        // Tokio reaps the leader; what had left the group is ended as soon as it has no parent any more.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(orphans::sweep());
        }
    }
}

#[cfg(test)]
mod tests;
