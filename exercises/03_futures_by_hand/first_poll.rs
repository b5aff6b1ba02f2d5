//! A shop looks up prices in a slow database, behind a cache. Its code awaits a price and does not care where the
//! price comes from. So a cache hit has to be a future as well: `Cached`, which has its price from the start.
//!
//! Somebody wrote `poll` from memory. The compiler says that it is not the `poll` that `Future` requires.

/// A price, in cents, that is already there.
pub struct Cached {
    price: u32,
}

impl Cached {
    pub fn new(price: u32) -> Self {
        Self { price }
    }
}

impl Future for Cached {
    type Output = u32;

    fn poll(&mut self) -> Option<u32> {
        Some(self.price)
    }
}

#[tokio::main]
async fn main() {
    let cents: u32 = Cached::new(1999).await;
    println!("{cents} cents");
}
