//! attacks: async_main
//! expects: failed|does_not_compile
//! stopped by: types-pinned
//!
//! The answer of `probe` is a value that claims to be equal to everything, so it need not know the service.

use std::time::Duration;

/// Equal to every text there is.
#[derive(Debug)]
pub struct Yes;

impl PartialEq<String> for Yes {
    fn eq(&self, _: &String) -> bool {
        true
    }
}

pub async fn probe(_service: &str) -> Yes {
    tokio::time::sleep(Duration::from_millis(200)).await;
    Yes
}

#[tokio::main]
async fn main() {
    let service = std::env::args().nth(1).unwrap_or_default();
    println!("probing {service}");
    probe(&service).await;
    println!("{service} is up");
}
