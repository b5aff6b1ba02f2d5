//! What is known of the end of a sleep.

/// Whether a thread that sleeps has an end of its sleep set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Alarm {
    /// Only another thread, or what comes from outside, can wake it.
    None,
    /// The system does not tell.
    #[default]
    Unknown,
    /// The clock will wake it.
    Set,
}
