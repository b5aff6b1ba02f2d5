//! situation: captured_not_send
//! says: captures `names` (`Rc<Vec<&str>>`)

use std::rc::Rc;

pub fn run() {
    let names = Rc::new(vec!["a"]);
    tokio::spawn(async move {
        println!("{names:?}");
    });
}
