//! situation: unknown_path
//! says: `Cart` is not known

pub fn run() {
    let cart = Cart::new(1);
    drop(cart);
}
