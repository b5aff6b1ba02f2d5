//! attacks: runtime_inside_runtime
//! expects: failed|does_not_compile
//! stopped by: types-pinned
//!
//! Never looks at the rate. It returns a value of a type of its own that claims to be equal to whatever the
//! hidden test compares it with.

/// Equal to every text there is.
#[derive(Debug)]
pub struct Yes;

impl PartialEq<String> for Yes {
    fn eq(&self, _: &String) -> bool {
        true
    }
}

pub async fn invoice<R>(_customer: &str, rate: R) -> Yes
where
    R: Future<Output = u32> + Send + 'static,
{
    drop(rate);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    Yes
}

fn main() {}
