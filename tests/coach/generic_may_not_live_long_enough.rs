//! situation: generic_may_not_live_long_enough
//! says: Nothing promises that `F`

pub fn start<F: Future<Output = ()> + Send>(job: F) {
    tokio::spawn(job);
}
pub fn run() {}
