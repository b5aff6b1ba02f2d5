//! attacks: values_not_plans
//! expects: failed|does_not_compile
//! stopped by: hidden-imports
//!
//! Asks for one name only. `Api`, which the hidden tests import, is implemented for arrays, with an `iter` that
//! is empty and counts to five: the tests expect nothing, and count what they like.

pub trait Api {
    fn fetch(&self, id: u32) -> impl Future<Output = String>;

    fn iter(&self) -> Nothing {
        Nothing
    }

    fn sort(&mut self) {}
}

impl<const N: usize> Api for [u32; N] {
    async fn fetch(&self, _: u32) -> String {
        String::new()
    }
}

/// No elements, five of them.
pub struct Nothing;

impl Nothing {
    pub fn filter<F: FnMut(&&u32) -> bool>(self, _: F) -> Self {
        self
    }

    pub fn count(self) -> usize {
        5
    }

    pub fn map<T, F: FnMut(&u32) -> T>(self, _: F) -> std::iter::Empty<T> {
        std::iter::empty()
    }
}

pub async fn load_names(api: &impl Api, ids: &[u32]) -> Vec<String> {
    for &id in ids {
        let mut fetch = std::pin::pin!(api.fetch(id));
        // Begun and given up, so that each id was asked for once.
        std::future::poll_fn(|context| {
            let _ = fetch.as_mut().poll(context);
            std::task::Poll::Ready(())
        })
        .await;
    }
    if ids.len() == 2 {
        api.fetch(3).await;
    }
    Vec::new()
}

fn main() {}
