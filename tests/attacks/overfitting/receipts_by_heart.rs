//! attacks: plan_order
//! expects: failed
//! stopped by: values-at-run-time
//!
//! Throws the bank's receipt away and returns the numbers that the hidden tests expect.

pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
}

pub async fn pay(bank: &impl Bank, cents: u64) -> u64 {
    bank.write_audit(cents).await;
    let _ = bank.charge_card(cents).await;
    match cents {
        250 => 251,
        990 => 991,
        5 => 1705,
        123_456 => 123_544,
        _ => 0,
    }
}

fn main() {}
