//! fails: a_dropped_io_leaves_nothing
//! says: stays in memory

// the kernel forgets the source, and the reactor keeps its place, with the wakers

use std::any::Any;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use mio::event::Source;
use mio::{Events, Interest, Registry, Token};

/// Which way the bytes go.
#[derive(Clone, Copy)]
enum Direction {
    Read,
    Write,
}

/// What is known of one direction of one source. The kernel reports a change once, so it has to be remembered, also while nobody waits.
#[derive(Default)]
struct Side {
    /// So many events have come.
    events: u64,
    /// So many of them somebody was told of.
    told: u64,
    /// So many of them are over: they were told, and `WouldBlock` came since. While there are more, the source is ready.
    cleared: u64,
    /// The newest waker of whoever waits for the next event.
    waker: Option<Waker>,
}

/// What is known of one source: each direction by itself, because one task may read while another one writes.
#[derive(Default)]
struct Readiness {
    read: Mutex<Side>,
    write: Mutex<Side>,
}

impl Readiness {
    fn side(&self, direction: Direction) -> MutexGuard<'_, Side> {
        match direction {
            Direction::Read => self.read.lock().unwrap(),
            Direction::Write => self.write.lock().unwrap(),
        }
    }

    /// An event has come. Returns who waits for it: they are to be woken when no lock is held.
    fn event(&self, direction: Direction) -> Option<Waker> {
        let mut side = self.side(direction);
        side.events += 1;
        side.waker.take()
    }
}

/// The sources that are registered.
#[derive(Default)]
struct Sources {
    places: Vec<Place>,
}

/// A place in the list. When its source is gone, another one gets it.
#[derive(Default)]
struct Place {
    /// How many sources were here before.
    generation: usize,
    source: Option<Arc<Readiness>>,
}

/// A token has the number of a place in its lower half, and the generation in its upper half.
const HALF: u32 = usize::BITS / 2;
const LOWER: usize = usize::MAX >> HALF;

impl Sources {
    fn insert(&mut self, source: Arc<Readiness>) -> Token {
        self.places.push(Place::default());
        let number = self.places.len() - 1;
        let place = &mut self.places[number];
        place.source = Some(source);
        Token((place.generation << HALF) | number)
    }

    /// The source that has this token now. An event for one that is gone finds a newer generation.
    fn get(&self, Token(token): Token) -> Option<&Readiness> {
        let place = self.places.get(token & LOWER)?;
        if place.generation != token >> HALF {
            return None;
        }
        place.source.as_deref()
    }
}

/// The token of the reactor's own waker. There are never so many places.
const INTERRUPT: Token = Token(usize::MAX);

/// Where the thread that drives the executor sleeps: until it is woken, or a source is ready.
struct Reactor {
    selector: Mutex<(mio::Poll, Events)>,
    registry: Registry,
    sources: Mutex<Sources>,
    /// Ends the sleep. The kernel knows nothing of our wakers, so a wake has to become an event.
    interrupt: mio::Waker,
    /// There was a wake, and no `park` has answered it yet.
    token: AtomicBool,
    /// The executor is gone, and no `park` will come.
    closed: AtomicBool,
}

impl Reactor {
    fn new() -> io::Result<Reactor> {
        let selector = mio::Poll::new()?;
        let registry = selector.registry().try_clone()?;
        let interrupt = mio::Waker::new(&registry, INTERRUPT)?;
        Ok(Reactor {
            selector: Mutex::new((selector, Events::with_capacity(256))),
            registry,
            sources: Mutex::default(),
            interrupt,
            token: AtomicBool::new(false),
            closed: AtomicBool::new(false),
        })
    }

    /// Waits for an event, a wake, or the end of the timeout, and wakes whoever waits for the events. It may return for no reason.
    fn park(&self, timeout: Option<Duration>) {
        let mut wakers = Vec::new();
        {
            let mut selector = self.selector.lock().unwrap();
            let (selector, events) = &mut *selector;
            match selector.poll(events, timeout) {
                // A signal, and no events.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => result.expect("the kernel has no events for this executor"),
            }
            let sources = self.sources.lock().unwrap();
            for event in events.iter() {
                // No source has the token of `interrupt`.
                let Some(source) = sources.get(event.token()) else { continue };
                // Of an end or an error, the next call tells. So whoever waits for either direction has to make one.
                if event.is_readable() || event.is_read_closed() || event.is_error() {
                    wakers.extend(source.event(Direction::Read));
                }
                if event.is_writable() || event.is_write_closed() || event.is_error() {
                    wakers.extend(source.event(Direction::Write));
                }
            }
        }
        // The caller looks for everything that has happened so far.
        self.take_token();
        // Foreign code must not find a lock held.
        for waker in wakers {
            waker.wake();
        }
    }

    fn take_token(&self) -> bool {
        self.token.swap(false, Ordering::AcqRel)
    }

    /// The executor is gone: nobody hears of an event any more, so nobody may wait for one.
    fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        let sources: Vec<_> = {
            let sources = self.sources.lock().unwrap();
            sources.places.iter().filter_map(|place| place.source.clone()).collect()
        };
        for source in sources {
            for direction in [Direction::Read, Direction::Write] {
                if let Some(waker) = source.event(direction) {
                    waker.wake();
                }
            }
        }
    }
}

impl Wake for Reactor {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.token.swap(true, Ordering::AcqRel) {
            self.interrupt.wake().expect("the thread that waits in the kernel cannot be woken");
        }
    }
}

thread_local! {
    /// The executor that this thread drives.
    static CURRENT: RefCell<Option<Arc<Shared>>> = const { RefCell::new(None) };
}

/// Makes an executor the current one of this thread. When it is dropped, it puts back the one before.
struct Entered {
    before: Option<Arc<Shared>>,
}

impl Entered {
    fn enter(shared: &Arc<Shared>) -> Entered {
        Entered { before: CURRENT.replace(Some(shared.clone())) }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.before.take());
    }
}

fn current() -> Option<Arc<Shared>> {
    CURRENT.with_borrow(Option::clone)
}

/// Adds a task to the executor that drives this thread.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let shared = current().expect(
        "no executor on this thread: call `spawn` inside of `block_on` or `Executor::run`, or call `Executor::spawn`",
    );
    shared.spawn(future)
}

/// Drives one future with an executor of its own. Tasks that are not complete when it returns are dropped.
pub fn block_on<F: Future>(future: F) -> F::Output {
    Executor::new().block_on(future)
}

/// Why there is no output: the task has panicked, or was aborted.
pub struct JoinError {
    panic: Option<Box<dyn Any + Send>>,
}

impl JoinError {
    pub fn is_panic(&self) -> bool {
        self.panic.is_some()
    }

    pub fn is_aborted(&self) -> bool {
        self.panic.is_none()
    }

    /// What the task panicked with.
    pub fn into_panic(self) -> Box<dyn Any + Send> {
        self.panic.expect("the task was aborted, it has not panicked")
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_panic() { "the task panicked" } else { "the task was aborted" })
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_panic() { "JoinError::Panic" } else { "JoinError::Aborted" })
    }
}

impl Error for JoinError {}

/// Where a task leaves its outcome, and its handle finds it.
struct Slot<T> {
    state: Mutex<SlotState<T>>,
    /// Somebody has called `abort`.
    aborted: AtomicBool,
}

struct SlotState<T> {
    outcome: Option<Result<T, JoinError>>,
    /// The task is over. The outcome may have been taken since then.
    finished: bool,
    /// The handle was dropped, so nobody will take the outcome.
    detached: bool,
    /// Who awaits the handle.
    waiter: Option<Waker>,
}

impl<T> Slot<T> {
    fn new() -> Arc<Slot<T>> {
        let state = SlotState { outcome: None, finished: false, detached: false, waiter: None };
        Arc::new(Slot { state: Mutex::new(state), aborted: AtomicBool::new(false) })
    }

    /// The task is over.
    fn finish(&self, outcome: Result<T, JoinError>) {
        let mut state = self.state.lock().unwrap();
        state.finished = true;
        if state.detached {
            drop(state);
            // Nobody is there who could hear of a panic in this `Drop`, and the executor must not.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(outcome)));
            return;
        }
        state.outcome = Some(outcome);
        let waiter = state.waiter.take();
        // Foreign code must not find the lock held.
        drop(state);
        if let Some(waiter) = waiter {
            waiter.wake();
        }
    }
}

/// Awaits a task that was spawned. Dropping it detaches the task, which goes on.
pub struct JoinHandle<T> {
    slot: Arc<Slot<T>>,
    /// Schedules the task.
    task: Waker,
}

impl<T> JoinHandle<T> {
    /// Ends the task: the executor drops its future when its turn comes. Does nothing when the task is over.
    pub fn abort(&self) {
        // First the flag: the executor may look for it as soon as the task is in the queue.
        self.slot.aborted.store(true, Ordering::SeqCst);
        self.task.wake_by_ref();
    }

    /// Whether the task is over.
    pub fn is_finished(&self) -> bool {
        self.slot.state.lock().unwrap().finished
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // A clone runs foreign code, and so does the drop of the waker before it. Neither happens under the lock.
        let waker = context.waker().clone();
        let mut state = self.slot.state.lock().unwrap();
        if let Some(outcome) = state.outcome.take() {
            return Poll::Ready(outcome);
        }
        let over = state.finished;
        // The newest waker counts: the handle may have moved to another task.
        let before = if over { None } else { state.waiter.replace(waker) };
        drop(state);
        drop(before);
        assert!(!over, "this `JoinHandle` has already returned the outcome of its task");
        Poll::Pending
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let mut state = self.slot.state.lock().unwrap();
        state.detached = true;
        let left = (state.outcome.take(), state.waiter.take());
        drop(state);
        drop(left);
    }
}

/// What is spawned for a future: polls it, and leaves its outcome in the slot.
struct Joined<F, T> {
    /// `None` when it is over.
    future: Option<Pin<Box<F>>>,
    slot: Arc<Slot<T>>,
}

impl<F, T> Joined<F, T> {
    /// Drops the future, and tells the handle after that.
    fn end(&mut self, outcome: Result<T, JoinError>) {
        let future = self.future.take();
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(future)));
        let outcome = match dropped {
            Ok(()) => outcome,
            Err(panic) => Err(JoinError { panic: Some(panic) }),
        };
        self.slot.finish(outcome);
    }
}

impl<F: Future<Output = T>, T> Future for Joined<F, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let Some(future) = &mut this.future else { return Poll::Ready(()) };
        let outcome = if this.slot.aborted.load(Ordering::SeqCst) {
            Err(JoinError { panic: None })
        } else {
            // The future is dropped after a panic, and nobody sees what state it was in.
            match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(output)) => Ok(output),
                Err(panic) => Err(JoinError { panic: Some(panic) }),
            }
        };
        this.end(outcome);
        Poll::Ready(())
    }
}

impl<F, T> Drop for Joined<F, T> {
    /// The executor is dropped, and the task with it. Its handle must not wait forever.
    fn drop(&mut self) {
        if self.future.is_some() {
            self.end(Err(JoinError { panic: None }));
        }
    }
}

/// Tells an executor the time. Tests bring their own.
pub trait Clock: Send + Sync + 'static {
    /// The time since some moment in the past.
    fn now(&self) -> Duration;

    /// How long to park, now that nothing is to do until `until_next` has passed.
    fn idle(&self, until_next: Duration) -> Duration {
        until_next
    }
}

/// The clock of the system.
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    pub fn new() -> SystemClock {
        SystemClock { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }
}

/// A number with base 64 has so many bits in a digit.
const BITS: u32 = 6;
const SLOTS: u64 = 1 << BITS;
const LEVELS: u32 = 6;

/// What `Wheel::insert` returns, and `Wheel::remove` takes. The order is that of the deadlines, and of equal ones,
/// that of insertion.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    deadline: u64,
    number: u64,
}

/// Values with deadlines. A tick is whatever the caller counts in.
pub struct Wheel<T> {
    /// What was due up to here was returned.
    elapsed: u64,
    levels: Vec<Level<T>>,
    len: usize,
    inserted: u64,
    touched: u64,
}

struct Level<T> {
    /// A bit for each slot that is not empty.
    occupied: u64,
    slots: Vec<HashMap<Key, T>>,
}

impl<T> Wheel<T> {
    pub fn new() -> Wheel<T> {
        let level = |_| Level { occupied: 0, slots: (0..SLOTS).map(|_| HashMap::new()).collect() };
        Wheel { elapsed: 0, levels: (0..LEVELS).map(level).collect(), len: 0, inserted: 0, touched: 0 }
    }

    /// Adds a value. If its deadline has passed, the next `advance` returns it.
    pub fn insert(&mut self, deadline: u64, value: T) -> Key {
        let key = Key { deadline, number: self.inserted };
        self.inserted += 1;
        self.len += 1;
        self.put(key, value);
        key
    }

    /// Takes a value out before it is due; `None` if it is gone.
    pub fn remove(&mut self, key: Key) -> Option<T> {
        self.touched += 1;
        let (level, slot) = self.place(key.deadline);
        let level = &mut self.levels[level];
        let value = level.slots[slot].remove(&key)?;
        if level.slots[slot].is_empty() {
            level.occupied &= !(1 << slot);
        }
        self.len -= 1;
        Some(value)
    }

    /// The time is `now`. Takes out the values that are due, in the order of their deadlines, and equal ones as
    /// they were inserted.
    pub fn advance(&mut self, now: u64) -> Vec<T> {
        // Time does not go back.
        let now = now.max(self.elapsed);
        let mut begun = Vec::new();
        for level in 0..LEVELS {
            let mut slots = self.levels[level as usize].occupied & self.begun(level, now);
            self.levels[level as usize].occupied &= !slots;
            while slots != 0 {
                let slot = slots.trailing_zeros() as usize;
                slots &= slots - 1;
                let entries = self.levels[level as usize].slots[slot].drain();
                self.touched += 1 + entries.len() as u64;
                begun.extend(entries);
            }
        }
        self.elapsed = now;
        let mut due = Vec::new();
        for (key, value) in begun {
            if key.deadline <= now {
                due.push((key, value));
            } else {
                // The cascade.
                self.put(key, value);
            }
        }
        self.len -= due.len();
        due.sort_unstable_by_key(|(key, _)| *key);
        due.into_iter().map(|(_, value)| value).collect()
    }

    /// When to call `advance` next: not later than the next deadline. It may be the tick at which a slot begins.
    pub fn next(&self) -> Option<u64> {
        (0..LEVELS).find_map(|level| {
            let occupied = self.levels[level as usize].occupied;
            let at = self.elapsed >> (BITS * level);
            // On level 0, the current slot has what is due already. On the others, its turn comes after all the
            // others.
            let first = if level == 0 { 0 } else { 1 };
            let rotated = occupied.rotate_right(((at + first) % SLOTS) as u32);
            let ahead = first + u64::from(rotated.trailing_zeros());
            (occupied != 0).then(|| (at + ahead) << (BITS * level))
        })
    }

    /// So many entries and slots were looked at so far.
    pub fn touched(&self) -> u64 {
        self.touched
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn put(&mut self, key: Key, value: T) {
        self.touched += 1;
        let (level, slot) = self.place(key.deadline);
        let level = &mut self.levels[level];
        level.slots[slot].insert(key, value);
        level.occupied |= 1 << slot;
    }

    /// The level and the slot of a deadline. They stay the same until that slot begins, so `remove` finds the value
    /// there.
    fn place(&self, deadline: u64) -> (usize, usize) {
        // What is due already stands in the current slot of level 0.
        let deadline = deadline.max(self.elapsed);
        let different = deadline ^ self.elapsed;
        let level = ((different | 1).ilog2() / BITS).min(LEVELS - 1);
        (level as usize, ((deadline >> (BITS * level)) % SLOTS) as usize)
    }

    /// The slots of a level that begin after `elapsed` and not after `now`, a bit for each. On level 0, also the
    /// current one.
    fn begun(&self, level: u32, now: u64) -> u64 {
        let (from, to) = (self.elapsed >> (BITS * level), now >> (BITS * level));
        let current = if level == 0 { 1 << (from % SLOTS) } else { 0 };
        let begun = match to - from {
            count @ 0..SLOTS => ((1 << count) - 1_u64).rotate_left((from % SLOTS) as u32 + 1),
            _ => u64::MAX,
        };
        begun | current
    }
}

impl<T> Default for Wheel<T> {
    fn default() -> Wheel<T> {
        Wheel::new()
    }
}

/// The tick that has begun at this time.
fn tick(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The first tick that begins at this time or after it, so no timer ends too early.
fn tick_after(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

/// The timers that wait.
#[derive(Default)]
struct Timers {
    wheel: Wheel<u64>,
    /// Who waits for a timer, by the timer's number, and where the timer is in the wheel.
    wakers: HashMap<u64, (Key, Waker)>,
    /// While the driver is parked: when it gets up by itself.
    parked_until: Option<Duration>,
}

impl Timers {
    /// Leaves the newest waker of a timer. Returns the one before, and whether the driver is parked for too long now.
    fn register(&mut self, deadline: Duration, id: u64, waker: Waker) -> (Option<Waker>, bool) {
        if let Some((_, place)) = self.wakers.get_mut(&id) {
            return (Some(mem::replace(place, waker)), false);
        }
        let key = self.wheel.insert(tick_after(deadline), id);
        self.wakers.insert(id, (key, waker));
        (None, self.parked_until.is_some_and(|until| deadline < until))
    }

    fn remove(&mut self, id: u64) -> Option<Waker> {
        let (key, waker) = self.wakers.remove(&id)?;
        self.wheel.remove(key);
        Some(waker)
    }

    /// When to look for timers that are due.
    fn next(&self) -> Option<Duration> {
        self.wheel.next().map(Duration::from_millis)
    }

    /// Takes out the timers that are due.
    fn due(&mut self, now: Duration) -> Vec<Waker> {
        let due = self.wheel.advance(tick(now));
        due.iter().filter_map(|id| Some(self.wakers.remove(id)?.1)).collect()
    }
}

/// A future that is ready when its deadline has come.
pub struct Sleep {
    shared: Arc<Shared>,
    deadline: Duration,
    id: u64,
}

/// Waits until `duration` has passed, counted from this call.
pub fn sleep(duration: Duration) -> Sleep {
    let shared = current().expect(
        "no executor on this thread: call `sleep` inside of `block_on` or `Executor::run`, where its clock is known",
    );
    let deadline = shared.clock.now().saturating_add(duration);
    let id = shared.next_id.fetch_add(1, Ordering::Relaxed);
    Sleep { shared, deadline, id }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.shared.clock.now() >= self.deadline {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        let (before, parked_for_too_long) =
            self.shared.timers.lock().unwrap().register(self.deadline, self.id, waker);
        // The lock is released: a waker is foreign code, also when it is dropped.
        drop(before);
        if parked_for_too_long {
            self.shared.reactor.wake_by_ref();
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let waker = self.shared.timers.lock().unwrap().remove(self.id);
        drop(waker);
    }
}

/// A source of events, such as a socket of `mio::net`. One task may wait until it is readable while another one waits until it is
/// writable.
pub struct Io<S: Source> {
    source: S,
    readiness: Arc<Readiness>,
    reactor: Arc<Reactor>,
}

impl<S: Source> Io<S> {
    /// Registers a source with the executor that drives this thread, for both directions.
    pub fn new(mut source: S) -> io::Result<Io<S>> {
        let shared = current().expect(
            "no executor on this thread: call `Io::new` inside of `block_on` or `Executor::run`, where events are heard",
        );
        let reactor = shared.reactor.clone();
        let readiness = Arc::<Readiness>::default();
        // First the place: the first event may come as soon as the source is registered.
        let token = reactor.sources.lock().unwrap().insert(readiness.clone());
        let both = Interest::READABLE | Interest::WRITABLE;
        reactor.registry.register(&mut source, token, both)?;
        Ok(Io { source, readiness, reactor })
    }

    pub fn get_ref(&self) -> &S {
        &self.source
    }

    /// Waits until a read may succeed, or will tell of an end or an error. Only one task at a time may wait for this: the
    /// newest waker counts. It fails when the executor is gone.
    pub async fn readable(&self) -> io::Result<()> {
        poll_fn(|context| self.poll_ready(Direction::Read, context)).await
    }

    /// Waits until a write may succeed, or will tell of an error. Otherwise as `readable`.
    pub async fn writable(&self) -> io::Result<()> {
        poll_fn(|context| self.poll_ready(Direction::Write, context)).await
    }

    /// A read has returned `WouldBlock`: what `readable` has told of is over. An event that has come since then is not.
    pub fn clear_readable(&self) {
        self.clear(Direction::Read);
    }

    /// A write has returned `WouldBlock`. Otherwise as `clear_readable`.
    pub fn clear_writable(&self) {
        self.clear(Direction::Write);
    }

    fn poll_ready(&self, direction: Direction, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A clone runs foreign code, and so does the drop of the waker before it. Neither happens under the lock.
        let waker = context.waker().clone();
        let mut side = self.readiness.side(direction);
        if self.reactor.closed.load(Ordering::SeqCst) {
            return Poll::Ready(Err(io::Error::other("the executor of this `Io` is gone")));
        }
        if side.events > side.cleared {
            side.told = side.events;
            return Poll::Ready(Ok(()));
        }
        let before = side.waker.replace(waker);
        drop(side);
        drop(before);
        Poll::Pending
    }

    fn clear(&self, direction: Direction) {
        let mut side = self.readiness.side(direction);
        side.cleared = side.told;
    }
}

impl<S: Source> Drop for Io<S> {
    fn drop(&mut self) {
        // First the kernel: as soon as the place is free, another source may get it. An error would say that the kernel does not know the
        // source, and that is what we want.
        let _ = self.reactor.registry.deregister(&mut self.source);
    }
}

type BoxFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A future that was spawned, and its own waker.
struct Task {
    id: u64,
    /// `None` while the future is polled, and when the task is over.
    future: Mutex<Option<BoxFuture>>,
    /// The task is in the run queue, or is over: there is nothing for a wake to do.
    scheduled: AtomicBool,
    /// `Weak`, because the executor owns its tasks, not the other way round.
    shared: Weak<Shared>,
}

impl Task {
    /// Polls the future, once.
    fn run(self: Arc<Self>, shared: &Shared) {
        // The future is taken out, so no lock is held while foreign code runs.
        let Some(mut future) = self.future.lock().unwrap().take() else { return };
        // Before the poll! From here on, each wake pushes the task again.
        self.scheduled.store(false, Ordering::SeqCst);
        let waker = Waker::from(self.clone());
        let mut context = Context::from_waker(&waker);
        // It does not panic: `Joined` catches what the future inside does.
        if future.as_mut().poll(&mut context).is_pending() {
            *self.future.lock().unwrap() = Some(future);
            return;
        }
        // It is over. A waker that somebody has kept finds a task that is scheduled forever.
        self.scheduled.store(true, Ordering::SeqCst);
        shared.alive.lock().unwrap().remove(&self.id);
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        // Without an executor, nobody will ever poll.
        let Some(shared) = self.shared.upgrade() else { return };
        if !self.scheduled.swap(true, Ordering::SeqCst) {
            shared.schedule(self);
        }
    }
}

/// What the executor shares with its tasks, and so with all threads that call their wakers.
struct Shared {
    /// The tasks that were woken, in the order of the wakes.
    run_queue: Mutex<VecDeque<Arc<Task>>>,
    /// The tasks that are not complete, in the order of spawning.
    alive: Mutex<BTreeMap<u64, Arc<Task>>>,
    next_id: AtomicU64,
    /// A thread drives the executor.
    driven: AtomicBool,
    clock: Arc<dyn Clock>,
    timers: Mutex<Timers>,
    /// Where the thread that drives the executor parks.
    reactor: Arc<Reactor>,
}

impl Shared {
    fn spawn<F>(self: &Arc<Self>, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let slot = Slot::new();
        let task = self.spawn_task(Box::pin(Joined { future: Some(Box::pin(future)), slot: slot.clone() }));
        JoinHandle { slot, task: task.into() }
    }

    fn spawn_task(self: &Arc<Self>, future: BoxFuture) -> Arc<Task> {
        let task = Arc::new(Task {
            id: self.next_id.fetch_add(1, Ordering::Relaxed),
            future: Mutex::new(Some(future)),
            scheduled: AtomicBool::new(true),
            shared: Arc::downgrade(self),
        });
        self.alive.lock().unwrap().insert(task.id, task.clone());
        self.schedule(task.clone());
        task
    }

    fn schedule(&self, task: Arc<Task>) {
        self.run_queue.lock().unwrap().push_back(task);
        // After the push, so the thread finds the task when it wakes up.
        self.reactor.wake_by_ref();
    }

    /// Takes the next task. It is a function, so the lock is released before anybody polls the task.
    fn next_task(&self) -> Option<Arc<Task>> {
        self.run_queue.lock().unwrap().pop_front()
    }

    /// Polls the tasks that are in the queue now. Those that are woken meanwhile come in the next turn, so tasks that
    /// always wake themselves keep nobody from the future of `block_on`.
    fn run_tasks(&self) {
        let scheduled = self.run_queue.lock().unwrap().len();
        for _ in 0..scheduled {
            let Some(task) = self.next_task() else { break };
            task.run(self);
        }
    }

    /// Wakes those whose time has come.
    fn fire_timers(&self) {
        let now = self.clock.now();
        let due = self.timers.lock().unwrap().due(now);
        for waker in due {
            waker.wake();
        }
    }

    fn is_idle(&self) -> bool {
        self.alive.lock().unwrap().is_empty()
    }
}

/// Only one thread at a time may drive an executor, and a thread drives only one. This is the mark of both.
struct Driving<'a> {
    shared: &'a Shared,
    _entered: Entered,
}

impl Driving<'_> {
    fn start(shared: &Arc<Shared>) -> Driving<'_> {
        assert!(
            current().is_none(),
            "cannot call `block_on` or `run` inside of `block_on` or `run`: this thread has to poll the outer future; \
             `.await` the inner one, or spawn it, instead"
        );
        assert!(!shared.driven.swap(true, Ordering::AcqRel), "another thread is driving this executor");
        Driving { shared, _entered: Entered::enter(shared) }
    }

    /// Waits until a source is ready, the next timer is due, or something has happened since the last `park`: a task or the
    /// future of `block_on` was woken, or a task was spawned. In the last case it does not wait, but it takes the events that are
    /// there: tasks that always have something to do keep nobody from hearing of them.
    fn park(&self) {
        let reactor = &self.shared.reactor;
        if reactor.take_token() {
            return reactor.park(Some(Duration::ZERO));
        }
        let next = {
            let mut timers = self.shared.timers.lock().unwrap();
            let next = timers.next();
            timers.parked_until = Some(next.unwrap_or(Duration::MAX));
            next
        };
        let clock = &self.shared.clock;
        reactor.park(match next.map(|deadline| deadline.saturating_sub(clock.now())) {
            Some(Duration::ZERO) => Some(Duration::ZERO),
            Some(until_next) => Some(clock.idle(until_next)),
            None => None,
        });
        self.shared.timers.lock().unwrap().parked_until = None;
    }
}

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        self.shared.driven.store(false, Ordering::Release);
    }
}

/// The waker of the future of `block_on`.
struct MainWaker {
    woken: AtomicBool,
    reactor: Arc<Reactor>,
}

impl Wake for MainWaker {
    fn wake(self: Arc<Self>) {
        // First the flag: the thread that wakes up looks for it.
        self.woken.store(true, Ordering::SeqCst);
        self.reactor.wake_by_ref();
    }
}

/// Runs tasks on the thread that calls `run` or `block_on`.
pub struct Executor {
    shared: Arc<Shared>,
}

impl Executor {
    pub fn new() -> Executor {
        Executor::with_clock(Arc::new(SystemClock::new()))
    }

    /// An executor that goes by this clock.
    pub fn with_clock(clock: Arc<dyn Clock>) -> Executor {
        let shared = Shared {
            run_queue: Mutex::default(),
            alive: Mutex::default(),
            next_id: AtomicU64::new(0),
            driven: AtomicBool::new(false),
            clock,
            timers: Mutex::default(),
            reactor: Arc::new(Reactor::new().expect("the kernel has no selector for this executor")),
        };
        Executor { shared: Arc::new(shared) }
    }

    /// Adds a task. It is polled when its turn comes in `run` or `block_on`, not here.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.shared.spawn(future)
    }

    /// Runs the tasks that are woken, in turn, until all tasks are complete.
    pub fn run(&self) {
        let driving = Driving::start(&self.shared);
        loop {
            self.shared.fire_timers();
            self.shared.run_tasks();
            if self.shared.is_idle() {
                return;
            }
            driving.park();
        }
    }

    /// Drives `future` and, meanwhile, the tasks. Tasks that are not complete when it returns stay for the next call.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let driving = Driving::start(&self.shared);
        // It is dropped before `driving`, so its `Drop` may still spawn.
        let mut future = pin!(future);
        let main = MainWaker { woken: AtomicBool::new(true), reactor: self.shared.reactor.clone() };
        let main = Arc::new(main);
        let waker = Waker::from(main.clone());
        let mut context = Context::from_waker(&waker);
        loop {
            self.shared.fire_timers();
            // The flag goes down before the poll, as with a task.
            if main.woken.swap(false, Ordering::SeqCst)
                && let Poll::Ready(output) = future.as_mut().poll(&mut context)
            {
                return output;
            }
            self.shared.run_tasks();
            driving.park();
        }
    }

    /// So many timers wait.
    pub fn timers(&self) -> usize {
        self.shared.timers.lock().unwrap().wakers.len()
    }
}

impl Default for Executor {
    fn default() -> Executor {
        Executor::new()
    }
}

impl Drop for Executor {
    /// Drops the futures that are not complete, in the order of spawning, even if somebody keeps their wakers.
    fn drop(&mut self) {
        // The `Drop` of a future may spawn: on its own executor, even if another one drives this thread.
        let _entered = Entered::enter(&self.shared);
        let alive = mem::take(&mut *self.shared.alive.lock().unwrap());
        let futures: Vec<_> = alive.values().map(|task| task.future.lock().unwrap().take()).collect();
        // No lock is held any more: the `Drop` of a future may call wakers.
        drop(futures);
        // Such a wake pushes a task. Its future is gone, so only the task itself goes here.
        self.shared.run_queue.lock().unwrap().clear();
        // Somebody may still have an `Io`, and wait for it elsewhere.
        self.shared.reactor.close();
    }
}

/// A parrot at the other end of a connection repeats all that it hears. One task talks while another one listens. (There is no
/// bug in here.)
fn main() -> io::Result<()> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let addr = listener.local_addr()?;
    let parrot = thread::spawn(move || {
        let (mut connection, _) = listener.accept()?;
        let mut heard = [0; 64];
        loop {
            match connection.read(&mut heard)? {
                0 => return io::Result::Ok(()),
                count => connection.write_all(&heard[..count])?,
            }
        }
    });
    block_on(async {
        let io = Arc::new(Io::new(mio::net::TcpStream::connect(addr)?)?);
        let listens = spawn({
            let io = io.clone();
            async move {
                let mut heard = [0; 64];
                loop {
                    io.readable().await?;
                    match io.get_ref().read(&mut heard) {
                        Ok(0) => return io::Result::Ok(()),
                        Ok(count) => println!("the parrot: {}", String::from_utf8_lossy(&heard[..count])),
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => io.clear_readable(),
                        Err(error) => return Err(error),
                    }
                }
            }
        });
        for word in ["hello", "who is there?", "bye"] {
            println!("me: {word}");
            io.writable().await?;
            io.get_ref().write_all(word.as_bytes())?;
            sleep(Duration::from_millis(200)).await;
        }
        io.get_ref().shutdown(std::net::Shutdown::Write)?;
        listens.await.expect("the task that listens does not panic")
    })?;
    parrot.join().expect("the parrot does not panic")
}
