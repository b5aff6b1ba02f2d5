//! attacks: values_not_plans
//! expects: failed
//! stopped by: exact-counts
//!
//! Fetches everything with an engine of its own inside the engine, and yields once for show.

pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    let names = ids.iter().map(|&id| spin(api.fetch(id))).collect();
    tokio::task::yield_now().await;
    names
}

fn spin<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

fn main() {}
