//! Takes whichever answer comes first, in a loop around `select!`.

use std::pin::pin;

/// The shop's price list, somewhere on the network. Tests bring their own.
pub trait Shop {
    fn price(&self, item: &str) -> impl Future<Output = u32>;
    fn tax(&self, item: &str) -> impl Future<Output = u32>;
}

pub async fn total(shop: &impl Shop, item: &str) -> u32 {
    let (mut price, mut tax) = (pin!(shop.price(item)), pin!(shop.tax(item)));
    let (mut its_price, mut its_tax) = (None, None);
    loop {
        tokio::select! {
            cents = &mut price, if its_price.is_none() => its_price = Some(cents),
            cents = &mut tax, if its_tax.is_none() => its_tax = Some(cents),
            else => return its_price.unwrap_or_default() + its_tax.unwrap_or_default(),
        }
    }
}

struct TeaShop;

impl Shop for TeaShop {
    async fn price(&self, item: &str) -> u32 {
        100 * item.len() as u32
    }

    async fn tax(&self, item: &str) -> u32 {
        19 * item.len() as u32
    }
}

#[tokio::main]
async fn main() {
    let cents = total(&TeaShop, "earl grey").await;
    println!("earl grey: {cents} cents");
}
