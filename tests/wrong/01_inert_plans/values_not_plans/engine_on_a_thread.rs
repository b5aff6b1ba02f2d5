//! fails: each_answer_is_waited_for
//! says: kept the thread
//!
//! A thread and an engine for each id.

/// The service that knows the names. Tests bring their own.
pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &(impl Api + Sync), ids: &[u32]) -> Vec<String> {
    let load = |id| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(api.fetch(id))
    };
    std::thread::scope(|threads| {
        let waiting: Vec<_> = ids.iter().map(|&id| threads.spawn(move || load(id))).collect();
        waiting.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

struct Directory;

impl Api for Directory {
    async fn fetch(&self, id: u32) -> String {
        println!("request for {id}");
        format!("user-{id}")
    }
}

#[tokio::main]
async fn main() {
    let names = load_names(&Directory, &[3, 1, 2]).await;
    println!("{names:?}");
}
