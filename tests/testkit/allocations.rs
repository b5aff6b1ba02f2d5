//! What code allocates: a global allocator that counts, for each thread by itself.
//!
//! The allocator lives here and not in a hidden test. The grader links testkit and the workbook's crates into one shared library,
//! which brings its allocator along, so a `#[global_allocator]` in a test program would be ignored. It is our own code because a
//! crate such as `allocation-counter` would be one more to build before a learner's first verdict, and would count no more.
//!
//! On systems where a shared library always calls its own functions (macOS, Windows), allocations inside of the standard
//! library's compiled code may not count. Those of the code under test do.

#![expect(unsafe_code, reason = "an allocator cannot be written without it")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::pin::pin;

/// What some code allocated, on the thread that called it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allocations {
    /// How often memory was asked for. A `Vec` that grows asks again each time that it needs a larger place.
    pub count: usize,
    /// The most bytes that were held at once, on top of what the thread held before. What is asked for counts, not what is
    /// written to: `Vec::<u8>::with_capacity(1 << 30)` is a GiB.
    pub peak: usize,
    /// How many bytes more the thread holds at the end than at the beginning. Less than nothing when it freed what was there
    /// before.
    pub kept: isize,
}

/// Runs `work` and counts what it allocates on this thread; other threads do not count. May be nested.
///
/// ```
/// use testkit::allocations;
///
/// let (list, made) = allocations(|| vec![7_u8; 1000]);
/// assert_eq!((made.count, made.peak, made.kept), (1, 1000, 1000));
///
/// let (_, made) = allocations(|| drop(list));
/// assert_eq!((made.count, made.peak, made.kept), (0, 0, -1000));
/// ```
///
/// A closure can run a whole runtime: `allocations(|| vt(async { … }))`. Then the runtime's own allocations count, too; take
/// [`allocations_of`] for those of a single future. Some of Tokio's futures allocate while they are polled: `yield_now` keeps a list of
/// wakers.
pub fn allocations<T>(work: impl FnOnce() -> T) -> (T, Allocations) {
    let counting = Counting::start();
    let output = work();
    (output, counting.so_far())
}

/// Awaits a future and counts what its polls allocate. What other tasks do between them does not count, and neither does the
/// future's own place: whoever makes it has done that before.
///
/// ```
/// use testkit::{allocations_of, rt};
///
/// async fn boxed() -> Box<u64> {
///     Box::new(std::future::ready(7).await)
/// }
///
/// let (number, made) = rt(allocations_of(boxed()));
/// assert_eq!((*number, made.kept), (7, 8));
/// ```
pub async fn allocations_of<F: Future>(future: F) -> (F::Output, Allocations) {
    let mut future = pin!(future);
    let mut all = Allocations::default();
    let output = std::future::poll_fn(|cx| {
        let (poll, made) = allocations(|| future.as_mut().poll(cx));
        let peak = all.kept.saturating_add_unsigned(made.peak);
        all.peak = all.peak.max(usize::try_from(peak).unwrap_or(0));
        all.count += made.count;
        all.kept += made.kept;
        poll
    })
    .await;
    (output, all)
}

/// The counts of one thread, since it began.
struct Tally {
    count: Cell<usize>,
    held: Cell<isize>,
    peak: Cell<isize>,
}

thread_local! {
    // Made at compile time and without a destructor: the allocator may use it at any time of a thread's life, and using it
    // allocates nothing.
    static TALLY: Tally = const { Tally { count: Cell::new(0), held: Cell::new(0), peak: Cell::new(0) } };
}

impl Tally {
    fn asked(&self, bytes: usize) {
        self.count.set(self.count.get().wrapping_add(1));
        let held = self.held.get().wrapping_add_unsigned(bytes);
        self.held.set(held);
        self.peak.set(self.peak.get().max(held));
    }

    fn freed(&self, bytes: usize) {
        self.held.set(self.held.get().wrapping_sub_unsigned(bytes));
    }
}

/// One count from its beginning. It puts the peak of the one around it back when it ends, by a panic as well.
struct Counting {
    count: usize,
    held: isize,
    peak_around: isize,
}

impl Counting {
    fn start() -> Self {
        TALLY.with(|tally| Self {
            count: tally.count.get(),
            held: tally.held.get(),
            peak_around: tally.peak.replace(tally.held.get()),
        })
    }

    fn so_far(&self) -> Allocations {
        TALLY.with(|tally| Allocations {
            count: tally.count.get().wrapping_sub(self.count),
            peak: tally.peak.get().wrapping_sub(self.held).unsigned_abs(),
            kept: tally.held.get().wrapping_sub(self.held),
        })
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        TALLY.with(|tally| tally.peak.set(tally.peak.get().max(self.peak_around)));
    }
}

struct Counter;

#[global_allocator]
static COUNTER: Counter = Counter;

// SAFETY: each method hands its arguments on to `System`, which keeps the contract, and gives its answer. The counts are
// numbers in a thread-local without destructor: they neither allocate nor panic.
unsafe impl GlobalAlloc for Counter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc`.
        noted(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        noted(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`, and what `alloc` gave came from `System`.
        unsafe { System.dealloc(place, layout) };
        TALLY.with(|tally| tally.freed(layout.size()));
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `realloc`, and what `alloc` gave came from `System`.
        let new = unsafe { System.realloc(place, layout, size) };
        if !new.is_null() {
            TALLY.with(|tally| {
                tally.freed(layout.size());
                tally.asked(size);
            });
        }
        new
    }
}

/// Counts a place that was given, and hands it on.
fn noted(place: *mut u8, bytes: usize) -> *mut u8 {
    if !place.is_null() {
        TALLY.with(|tally| tally.asked(bytes));
    }
    place
}
