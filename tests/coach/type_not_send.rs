//! situation: type_not_send
//! says: `Rc<Vec<&str>>` has to move

use std::rc::Rc;

pub fn run() {
    let names = Rc::new(vec!["a"]);
    tokio::task::spawn_blocking(move || println!("{names:?}"));
}
