//! situation: method_of_a_plan
//! says: `unwrap` belongs to the output

pub async fn all(m: &tokio::sync::Mutex<u32>) {
    let mut x = m.lock().unwrap();
    *x = 1;
}
pub fn run() {}
