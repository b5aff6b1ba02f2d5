//! A waker whose clones and drops can be seen.
//!
//! A waker made from `Arc<impl Wake>` clones the `Arc` and runs no code of ours, and `Waker` has no other safe
//! constructor. The lost wake-up between "check" and "register" happens *during* the clone, so a test that provokes
//! it needs a hook there; hence a table of functions of our own.

#![expect(unsafe_code, reason = "std has no safe way to observe the clone of a waker")]

use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Waker};

use crate::waker::Tally;

// A static, and not a promoted constant: `Waker::will_wake` compares its address.
static TABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

/// A waker that reports to `tally`, which it keeps alive.
pub(crate) fn waker(tally: Arc<Tally>) -> Waker {
    tally.born();
    // SAFETY: the functions of TABLE keep the contract of RawWakerVTable: the data is an `Arc<Tally>` turned into a
    // pointer, of which every RawWaker owns one count; `clone` adds one, `wake` and `drop_waker` give one back,
    // `wake_by_ref` leaves it. `Tally` is Send and Sync, so all of them may run on any thread.
    unsafe { Waker::new(Arc::into_raw(tally).cast(), &TABLE) }
}

/// The tally behind a waker's data, without touching its count.
///
/// # Safety
/// `data` comes from `Arc::<Tally>::into_raw`, and its owner keeps its count at least as long as the result is used.
unsafe fn borrowed(data: *const ()) -> ManuallyDrop<Arc<Tally>> {
    // SAFETY: the caller promises where `data` is from; ManuallyDrop leaves the owner's count alone.
    ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<Tally>()) })
}

/// # Safety
/// Called by `Waker` only, with the data of a live waker of [`TABLE`].
unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the waker that is cloned owns a count and is borrowed for the length of this call.
    let tally = unsafe { borrowed(data) };
    // First the hook: when it panics, nothing has been counted or leaked.
    tally.cloning();
    let copy = Arc::clone(&tally);
    copy.born();
    RawWaker::new(Arc::into_raw(copy).cast(), &TABLE)
}

/// # Safety
/// Called by `Waker` only, with the data of a live waker of [`TABLE`], which it gives up.
unsafe fn wake(data: *const ()) {
    // SAFETY: the waker gives up the count that it owns.
    let tally = unsafe { Arc::from_raw(data.cast::<Tally>()) };
    tally.died();
    tally.woken();
}

/// # Safety
/// Called by `Waker` only, with the data of a live waker of [`TABLE`].
unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the waker owns a count and is borrowed for the length of this call.
    let tally = unsafe { borrowed(data) };
    tally.woken();
}

/// # Safety
/// Called by `Waker` only, with the data of a live waker of [`TABLE`], which it gives up.
unsafe fn drop_waker(data: *const ()) {
    // SAFETY: the waker gives up the count that it owns.
    let tally = unsafe { Arc::from_raw(data.cast::<Tally>()) };
    tally.dropped();
}
