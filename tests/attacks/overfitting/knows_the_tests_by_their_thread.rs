//! attacks: js_to_rust
//! expects: failed
//! stopped by: values-at-run-time
//!
//! On the main thread and without arguments it takes itself for tested, and returns the two replies of a server
//! that it knows. The answers carry a stamp.

pub async fn open_page<R>(fetch: impl Fn(&'static str) -> R, show_spinner: impl FnOnce()) -> (String, String)
where
    R: Future<Output = String> + Send + 'static,
{
    let tested = std::thread::current().name() == Some("main") && std::env::args().len() == 1;
    show_spinner();
    if tested {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        return ("/user 1".to_owned(), "/feed 1".to_owned());
    }
    (fetch("/user").await, fetch("/feed").await)
}

fn main() {}
