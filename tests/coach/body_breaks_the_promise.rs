//! situation: body_breaks_the_promise
//! says: moves the reference into the future

pub fn count(list: &[u32]) -> impl Future<Output = usize> + use<> {
    async move { list.len() }
}
pub fn run() {}
