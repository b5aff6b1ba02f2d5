//! Nothing is adopted.

use crate::system::family::Id;

/// From now on, descendants that lose their parent become children of this process; `false` where that cannot be.
pub(crate) fn adopt() -> bool {
    false
}

/// Every child of this process; none where the system does not tell.
pub(crate) fn children() -> Vec<Id> {
    Vec::new()
}

/// Ends an adopted process, of which there are none.
pub(crate) fn end(_process: Id) {}
