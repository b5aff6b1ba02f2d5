//! Processes that stand ready to build walls. What needs no order, they have done before there is one: this program is
//! loaded, and its namespaces are made. So a child that is started behind walls waits for neither.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop};
use tokio::runtime::{Handle, Id};

use super::message::{self, STREAMS};
use super::word::WORD;
use crate::grader::child::orphans;
use crate::grader::child::process::{Priority, StartWalled, Started, Streams};
use crate::system::family;

/// Those that are ready, and how to start more.
#[derive(Debug, Clone)]
pub(super) struct StandBy {
    /// This program: it builds the walls and becomes the child.
    helper: PathBuf,
    waiting: Arc<Mutex<VecDeque<Waiting>>>,
}

/// A process that waits for its order. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) child: Box<dyn ChildWrapper>,
    known: Option<orphans::Known>,
    order: UnixStream,
    /// Where its end is waited for; with that runtime it becomes useless.
    runtime: Id,
}

/// The walls of one child, and who builds them.
#[derive(Debug)]
pub(super) struct Walled {
    by: StandBy,
    /// As text.
    order: String,
}

impl StandBy {
    pub(super) fn new(helper: PathBuf) -> Self {
        Self { helper, waiting: Arc::default() }
    }

    /// Those that this runtime has made ready; others end here.
    pub(super) fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        let here = Handle::current().id();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|one| one.runtime == here);
        waiting
    }

    /// Starts more until so many are ready. Whatever else is to be done goes first each time: to start one takes this
    /// thread a millisecond.
    pub(super) async fn make_ready(&self, count: usize) {
        loop {
            tokio::task::yield_now().await;
            if self.waiting().len() >= count {
                return;
            }
            // What is wrong is told to whoever needs one.
            let Ok(one) = self.start() else { return };
            self.waiting().push_back(one);
        }
    }

    fn start(&self) -> io::Result<Waiting> {
        let (order, theirs) = UnixStream::pair()?;
        let mut command = CommandWrap::with_new(&self.helper, |command| {
            command.arg(WORD).arg(std::process::id().to_string()).env_clear().current_dir("/");
            command.stdin(OwnedFd::from(theirs)).stdout(Stdio::null()).stderr(Stdio::null());
        });
        family::found(&mut command);
        command.wrap(KillOnDrop);
        let (child, known) = orphans::start(|| command.spawn(), |child| family::id_of(child.as_ref()))?;
        Ok(Waiting { child, known, order, runtime: Handle::current().id() })
    }

    /// Has the command run behind walls by one that is ready, or else by a new one.
    fn give(
        &self,
        text: &[u8],
        streams: [BorrowedFd<'_>; STREAMS],
        priority: Priority,
    ) -> io::Result<Started> {
        loop {
            // Not inside of `match`, which would hold the lock.
            let ready = self.waiting().pop_front();
            let (is_new, Waiting { child, known, order, .. }) = match ready {
                Some(ready) => (false, ready),
                None => (true, self.start()?),
            };
            if priority == Priority::Low {
                family::give_way(family::id_of(child.as_ref()));
            }
            match message::send(order, text, streams) {
                Ok(()) => return Ok((child, known)),
                Err(error) if is_new => return Err(error),
                // It has been killed while it waited.
                Err(_) => {}
            }
        }
    }
}

impl Walled {
    pub(super) fn new(by: StandBy, order: String) -> Self {
        Self { by, order }
    }
}

impl StartWalled for Walled {
    fn start(
        &self,
        command: &[OsString],
        env: &[(OsString, OsString)],
        (input, out, err): Streams,
        priority: Priority,
    ) -> io::Result<Started> {
        let input = input.map_or_else(|| File::open("/dev/null").map(OwnedFd::from), Ok)?;
        let streams = [input.as_fd(), out.as_fd(), err.as_fd()];
        self.by.give(&message::encode(&self.order, command, env)?, streams, priority)
    }
}
