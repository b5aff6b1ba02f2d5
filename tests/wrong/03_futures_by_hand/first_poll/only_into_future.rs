//! fails: compile E0277
//! says: your file compiles, but the hidden tests cannot use it: `Cached` is not a future
//!
//! `Cached` is only `IntoFuture`: it can be awaited, but it is no future and has no `poll`.

/// A price, in cents, that is already there.
pub struct Cached {
    price: u32,
}

impl Cached {
    pub fn new(price: u32) -> Self {
        Self { price }
    }
}

impl IntoFuture for Cached {
    type Output = u32;
    type IntoFuture = std::future::Ready<u32>;

    fn into_future(self) -> Self::IntoFuture {
        std::future::ready(self.price)
    }
}

#[tokio::main]
async fn main() {
    let cents: u32 = Cached::new(1999).await;
    println!("{cents} cents");
}
