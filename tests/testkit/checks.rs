//! Small checks: comparison with a message for the learner, compile-time gates, one poll by hand.

use std::fmt::{self, Debug, Write as _};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// How much of a value's `Debug` text is shown. A learner's value can be of any size.
const SHOWN: usize = 4 * 1024;

/// Compiles only when `value` may move to another thread.
pub fn assert_send<T: Send + ?Sized>(_value: &T) {}

/// Compiles only when `value` borrows nothing that could end before it does.
pub fn assert_static<T: 'static + ?Sized>(_value: &T) {}

/// Polls a future once with the given waker.
///
/// ```
/// use std::task::{Poll, Waker};
/// let mut future = std::future::ready(7);
/// assert_eq!(testkit::poll_once(&mut future, Waker::noop()), Poll::Ready(7));
/// ```
///
/// A future that is not `Unpin` goes through `Box::pin` or `std::pin::pin!` first.
#[track_caller]
pub fn poll_once<F: Future + Unpin + ?Sized>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

/// Panics unless `found == expected`, with a first line for the learner and both values below it.
///
/// ```should_panic
/// let total = 5;
/// testkit::check_eq!(total, 7, "Prices changed, your total did not.");
/// // Prices changed, your total did not.
/// //    expected: 7
/// //    found: 5
/// ```
///
/// The order is that of `assert_eq!` as most people write it: what the code under test produced, then what is right.
#[macro_export]
macro_rules! check_eq {
    ($found:expr, $expected:expr, $($message:tt)+) => {
        match (&$found, &$expected) {
            (found, expected) => {
                if !(*found == *expected) {
                    $crate::mismatch(::std::format_args!($($message)+), found, expected);
                }
            }
        }
    };
}

/// The failing half of [`check_eq!`], compiled once here and not in every test.
#[doc(hidden)]
#[cold]
#[track_caller]
pub fn mismatch(message: fmt::Arguments<'_>, found: &dyn Debug, expected: &dyn Debug) -> ! {
    panic!("{message}\n   expected: {}\n   found: {}", shown(expected), shown(found));
}

/// The beginning of a value's `Debug` text; formatting stops there.
fn shown(value: &dyn Debug) -> String {
    struct Short(String);
    impl fmt::Write for Short {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            let room = SHOWN - self.0.len();
            if text.len() <= room {
                self.0.push_str(text);
                return Ok(());
            }
            self.0.push_str(&text[..text.floor_char_boundary(room)]);
            Err(fmt::Error)
        }
    }

    let mut short = Short(String::new());
    if write!(short, "{value:?}").is_err() {
        short.0.push('…');
    }
    short.0
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;
    use crate::panic_of;

    #[test]
    fn equal_values_are_silent() {
        check_eq!(vec![1, 2], [1, 2], "never shown");
    }

    #[test]
    fn a_mismatch_has_the_message_first_and_both_values_below() {
        let n = 3;
        let text = panic_of(|| check_eq!("a", "b", "It ran {n} times{}", '.')).unwrap_err();
        assert_eq!(text, "It ran 3 times.\n   expected: \"b\"\n   found: \"a\"");
    }

    #[test]
    fn operands_are_evaluated_once() {
        let mut calls = 0;
        let mut next = || {
            calls += 1;
            calls
        };
        check_eq!(next(), 1, "once");
        assert_eq!(calls, 1);
    }

    #[test]
    fn a_huge_value_is_cut_while_it_is_formatted() {
        let text = panic_of(|| check_eq!("é".repeat(10_000_000), "", "big")).unwrap_err();
        assert!(text.len() < 5_000, "{}", text.len());
        assert!(text.ends_with('…'), "{text}");
    }

    #[test]
    fn one_poll_is_one_poll() {
        assert_eq!(poll_once(&mut ready(1), Waker::noop()), Poll::Ready(1));
        let mut boxed: Pin<Box<dyn Future<Output = ()>>> = Box::pin(std::future::pending());
        assert_eq!(poll_once(&mut boxed, Waker::noop()), Poll::Pending);
        assert_eq!(poll_once(&mut *Box::new(ready(2)), Waker::noop()), Poll::Ready(2));
    }

    #[test]
    fn gates_accept_what_they_should() {
        let text = String::new();
        assert_send(&text);
        assert_static(&text);
        assert_send("a borrowed str");
    }
}
