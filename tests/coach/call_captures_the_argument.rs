//! situation: call_captures_the_argument
//! says: So `list` counts as borrowed

fn count(list: &[u32]) -> impl Future<Output = usize> {
    let count = list.len();
    async move { count }
}
pub fn run() {
    let list = vec![1];
    tokio::spawn(count(&list));
}
