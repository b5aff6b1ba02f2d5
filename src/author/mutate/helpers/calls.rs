//! What the calls of a mutant share.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::{Semaphore, SemaphorePermit};

use super::asking::Asking;

/// One call after the other.
pub(crate) async fn turn() -> SemaphorePermit<'static> {
    static TURNS: Semaphore = Semaphore::const_new(1);
    TURNS.acquire().await.expect("the semaphore is never closed")
}

/// One call after the other, on threads.
pub(crate) fn turn_of_threads() -> MutexGuard<'static, ()> {
    static TURNS: Mutex<()> = Mutex::new(());
    TURNS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A closure whose calls come one after the other.
pub(crate) fn in_turn<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    || {
        let _turn = turn_of_threads();
        work()
    }
}

/// The same value for all calls.
pub(crate) fn shared<T: Any + Clone + Send>(make: impl FnOnce() -> T) -> T {
    static MADE: Mutex<Option<HashMap<TypeId, Box<dyn Any + Send>>>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let made = made.get_or_insert_default();
    let made = made.entry(TypeId::of::<T>()).or_insert_with(|| Box::new(make()));
    made.downcast_ref::<T>().expect("the key is the type").clone()
}

/// The same value for all calls on a thread.
pub(crate) fn shared_on_thread<T: Any + Clone>(make: impl FnOnce() -> T) -> T {
    thread_local! {
        static MADE: RefCell<HashMap<TypeId, Box<dyn Any>>> = RefCell::default();
    }
    MADE.with_borrow_mut(|made| {
        let made = made.entry(TypeId::of::<T>()).or_insert_with(|| Box::new(make()));
        made.downcast_ref::<T>().expect("the key is the type").clone()
    })
}

/// Parks the thread once, and asks in circles every other time.
pub(crate) fn parks_once() {
    static PARKED: AtomicBool = AtomicBool::new(false);
    static ASKING: Mutex<Asking> = Mutex::new(Asking::new());
    if PARKED.swap(true, Ordering::Relaxed) {
        ASKING.lock().expect("nobody panics with it").rest();
    } else {
        thread::park();
    }
}
