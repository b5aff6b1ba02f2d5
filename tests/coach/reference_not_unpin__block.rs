//! situation: reference_not_unpin
//! says: keep the future in place

pub async fn run_it() {
    let mut ticks = async {};
    (&mut ticks).await;
}
pub fn run() {}
