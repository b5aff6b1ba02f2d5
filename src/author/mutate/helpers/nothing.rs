//! Values that stand for nothing.

use std::time::Duration;

/// Whether a value may be taken for none.
pub(crate) trait Nothing {
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

impl<T: Nothing, E> Nothing for Result<T, E> {
    fn is_nothing(&self) -> bool {
        self.as_ref().is_ok_and(T::is_nothing)
    }
}

impl<T: Nothing> Nothing for Option<T> {
    fn is_nothing(&self) -> bool {
        self.as_ref().is_some_and(T::is_nothing)
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

plain!(bool u8 u16 u32 u64 usize i32 i64 String Duration);
