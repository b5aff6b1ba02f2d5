//! situation: not_send_across_await
//! says: here `names` (`Rc<Vec<&str>>`)
//! says: at line

use std::rc::Rc;
async fn log(line: &str) {
    println!("{line}");
}

pub fn run() {
    tokio::spawn(async {
        let names = Rc::new(vec!["a"]);
        log("before").await;
        println!("{names:?}");
    });
}
