//! attacks: plan_order
//! expects: does_not_compile
//! hides: impl exercise::Bank for Books
//! hides: fn settle_bill
//! stopped by: hidden-text-kept
//!
//! Changes a signature in such a way that the compiler's complaint would quote the hidden tests.

#[diagnostic::on_unimplemented(message = "look: {Self} {T}", label = "here: {Self}", note = "and {T}")]
pub trait Wanted<T> {}

pub trait Bank {
    fn write_audit(&self, cents: u64) -> impl Future<Output = ()>;
    fn charge_card(&self, cents: u64) -> impl Future<Output = u64>;
    fn missing(&self);
}

pub async fn pay<B: Bank + Wanted<u8>>(bank: &B, cents: u64) -> u64 {
    bank.charge_card(cents).await
}

fn main() {}
