//! What a mutant makes of values.

use std::fmt::Debug;
use std::sync::Mutex;
use std::time::Duration;

/// Does not know what to do with a value that stands for nothing.
pub(super) fn something<T: Nothing + ?Sized>(value: &T) -> &T {
    assert!(!value.is_nothing(), "there is nothing");
    value
}

/// Whether a value is the one before once more.
pub(super) fn is_repeated<T: PartialEq + Debug>(value: &T) -> bool {
    static LAST: Mutex<Option<String>> = Mutex::new(None);
    let value = format!("{value:?}");
    LAST.lock().unwrap().replace(value.clone()) == Some(value)
}

/// Whatever came of sending.
pub(super) fn sent<T, E>(_: Result<T, E>) -> Result<(), Box<dyn std::error::Error>> {
    Ok(())
}

/// Whether a value may be taken for none.
pub(super) trait Nothing {
    fn is_nothing(&self) -> bool;
}

impl<T: Nothing + ?Sized> Nothing for &T {
    fn is_nothing(&self) -> bool {
        T::is_nothing(self)
    }
}

/// What `enumerate` gives.
impl<T: Nothing> Nothing for (usize, T) {
    fn is_nothing(&self) -> bool {
        self.1.is_nothing()
    }
}

impl<T> Nothing for Vec<T> {
    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

impl Nothing for str {
    fn is_nothing(&self) -> bool {
        self.is_empty()
    }
}

macro_rules! plain {
    ($($ty:ty)*) => {
        $(
            impl Nothing for $ty {
                fn is_nothing(&self) -> bool {
                    *self == Self::default()
                }
            }
        )*
    };
}

plain!(u8 u16 u32 u64 usize i32 i64 String Duration);
