//! Whether memory grows: by the pages that a thread had to be given, and not by what the process holds. (The peak of the
//! process counts what stood there before it was started.)

/// How often the calling thread was given a page of memory that it touched for the first time; `None` where the system does
/// not tell one thread from the others. Code that holds no more memory at its end than at its beginning needs next to none;
/// a list that grows needs one for every 4 KiB.
///
/// ```
/// let before = testkit::fresh_pages();
/// let mut list = Vec::new();
/// for number in 0..200_000_u64 {
///     list.push(number);
/// }
/// # if cfg!(target_os = "linux") {
/// assert!(testkit::fresh_pages().unwrap() - before.unwrap() > 64);
/// # }
/// ```
#[must_use]
pub fn fresh_pages() -> Option<u64> {
    crate::system::fresh_pages()
}
