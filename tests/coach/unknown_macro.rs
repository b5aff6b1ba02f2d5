//! situation: unknown_macro
//! says: `join` is not known

pub async fn total() {
    join!(async {}, async {});
}
pub fn run() {}
