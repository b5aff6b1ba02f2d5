//! situation: poll_is_missing
//! says: the method `poll`

pub struct Timer;
impl Future for Timer {
    type Output = ();
}
pub fn run() {}
