//! Processes that stand ready to build walls. What needs no order, they have done before there is one: this program is
//! loaded, and its namespaces are made. So a child that is started behind walls waits for neither. With an order that
//! comes before its command, they have built the walls as well.

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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::message::{self, STREAMS};
use super::word::WORD;
use crate::grader::child::orphans;
use crate::grader::child::process::{Priority, StartWalled, Started, Streams};
use crate::system::family;

/// So many have built walls for a command that is still to come, all together: a crowd of gradings that wait for their turn
/// needs none of its own.
pub(super) const AHEAD: usize = 16;

/// Those that are ready, and how to start more.
#[derive(Debug, Clone)]
pub(super) struct StandBy {
    /// This program: it builds the walls and becomes the child.
    helper: PathBuf,
    waiting: Arc<Mutex<VecDeque<Waiting>>>,
    ahead: Arc<Semaphore>,
}

/// A process that waits for its order, or for its command. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) child: Box<dyn ChildWrapper>,
    known: Option<orphans::Known>,
    order: UnixStream,
    /// Where its end is waited for; with that runtime it becomes useless.
    runtime: Id,
}

/// The walls of children that may all do the same, and who builds them; each child gets its own.
#[derive(Debug, Clone)]
pub(super) struct Walled {
    by: StandBy,
    /// As text.
    order: String,
    /// Those that have this order already.
    ahead: Arc<Mutex<Vec<(Waiting, OwnedSemaphorePermit)>>>,
}

impl StandBy {
    pub(super) fn new(helper: PathBuf) -> Self {
        Self { helper, waiting: Arc::default(), ahead: Arc::new(Semaphore::new(AHEAD)) }
    }

    /// Those that this runtime has made ready; others end here.
    pub(super) fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        let here = Handle::current().id();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|one| one.runtime == here);
        waiting
    }

    /// How many more may build walls ahead.
    #[cfg(test)]
    pub(super) fn may_build(&self) -> usize {
        self.ahead.available_permits()
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

    /// One that is ready, or else a new one, and whether it is new.
    fn take(&self) -> io::Result<(Waiting, bool)> {
        let ready = self.waiting().pop_front();
        ready.map_or_else(|| self.start().map(|new| (new, true)), |ready| Ok((ready, false)))
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
}

impl Walled {
    pub(super) fn new(by: StandBy, order: String) -> Self {
        Self { by, order, ahead: Arc::default() }
    }

    /// Has walls built for so many commands that are still to come. Whatever else is to be done goes first each time.
    pub(super) async fn build_ahead(&self, count: usize) {
        for _ in 0..count {
            tokio::task::yield_now().await;
            let Ok(permit) = Arc::clone(&self.by.ahead).try_acquire_owned() else { return };
            // What is wrong is told to whoever needs one.
            let Ok((one, _)) = self.by.take() else { return };
            if message::send_order(&one.order, &self.order).is_ok() {
                self.ahead().push((one, permit));
            }
        }
    }

    /// Has the command run behind walls that are built already, if there are any.
    fn give_to_built(&self, command: &[u8], streams: [BorrowedFd<'_>; STREAMS]) -> Option<Started> {
        loop {
            // Not in the pattern, which would hold the lock.
            let built = self.ahead().pop();
            let (Waiting { mut child, known, order, .. }, _) = built?;
            // One that has been killed while it waited may have left a child that still hears, but not for long.
            let alive = matches!(child.try_wait(), Ok(None));
            if alive && message::send(order, command, streams).is_ok() {
                return Some((child, known));
            }
        }
    }

    /// Has the command run behind walls that are built already, or else by one that is ready, or else by a new one.
    fn give(
        &self,
        command: &[u8],
        streams: [BorrowedFd<'_>; STREAMS],
        priority: Priority,
    ) -> io::Result<Started> {
        // Whoever stands behind walls already has the priority of others.
        let built = if priority == Priority::Normal { self.give_to_built(command, streams) } else { None };
        if let Some(started) = built {
            return Ok(started);
        }
        loop {
            let (Waiting { child, known, order, .. }, is_new) = self.by.take()?;
            if priority == Priority::Low {
                family::give_way(family::id_of(child.as_ref()));
            }
            let told = message::send_order(&order, &self.order);
            match told.and_then(|()| message::send(order, command, streams)) {
                Ok(()) => return Ok((child, known)),
                Err(error) if is_new => return Err(error),
                // It has been killed while it waited.
                Err(_) => {}
            }
        }
    }

    pub(super) fn ahead(&self) -> MutexGuard<'_, Vec<(Waiting, OwnedSemaphorePermit)>> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
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
        self.give(&message::encode(command, env)?, streams, priority)
    }
}
