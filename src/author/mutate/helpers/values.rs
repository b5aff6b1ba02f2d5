//! What a mutant makes of values.

use std::fmt::Debug;
use std::sync::Mutex;

use super::nothing::Nothing;

/// Does not know what to do with a value that stands for nothing.
pub(crate) fn something<T: Nothing + ?Sized>(value: &T) -> &T {
    assert!(!value.is_nothing(), "there is nothing");
    value
}

/// Whether a value is the one before once more.
pub(crate) fn is_repeated<T: PartialEq + Debug>(value: &T) -> bool {
    static LAST: Mutex<Option<String>> = Mutex::new(None);
    let value = format!("{value:?}");
    LAST.lock().expect("nobody panics with it").replace(value.clone()) == Some(value)
}

/// Whatever came of sending.
pub(crate) fn sent<T, E>(_: Result<T, E>) -> Result<(), Box<dyn std::error::Error>> {
    Ok(())
}
