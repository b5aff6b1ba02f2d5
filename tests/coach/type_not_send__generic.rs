//! situation: type_not_send
//! says: how `F` gets in

pub fn start<F: Future<Output = ()> + 'static>(job: F) {
    tokio::spawn(job);
}
pub fn run() {}
