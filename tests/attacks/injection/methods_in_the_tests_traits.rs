//! attacks: plan_order
//! expects: failed
//! stopped by: hidden-imports
//!
//! Charges first. The trait that the hidden tests import has one method more than it needs, `iter`; on a `Vec`
//! it is found before that of the slice, so that the tests' own look at the events sees a forged list.

pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;

    fn iter(&self) -> std::vec::IntoIter<&'static str> {
        vec!["audit called", "audit begins", "audit ends", "charge called", "charge begins", "charge ends"]
            .into_iter()
    }
}

impl Bank for Vec<String> {
    async fn write_audit(&self, _: u64) {}

    async fn charge_card(&self, _: u64) -> u64 {
        0
    }
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    let receipt = bank.charge_card(cents).await;
    bank.write_audit(cents).await;
    receipt
}

fn main() {}
