//! situation: captured_not_send
//! says: takes `names` with it, a `Rc<Vec<&str>>`

use std::rc::Rc;

pub fn run() {
    let names = Rc::new(vec!["a"]);
    tokio::spawn(async move {
        println!("{names:?}");
    });
}
