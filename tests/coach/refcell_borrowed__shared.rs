//! situation: refcell_borrowed
//! says: Two borrows

pub fn run() {
    let cell = std::cell::RefCell::new(1);
    let _loan = cell.borrow_mut();
    println!("{}", cell.borrow());
}
