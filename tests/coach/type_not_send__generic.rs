//! situation: type_not_send
//! says: where `F` gets in

pub fn start<F: Future<Output = ()> + 'static>(job: F) {
    tokio::spawn(job);
}
pub fn run() {}
