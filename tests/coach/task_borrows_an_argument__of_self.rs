//! situation: task_borrows_an_argument
//! says: `self` is only lent

pub struct Server {
    hits: u32,
}
impl Server {
    pub fn start(&self) {
        tokio::spawn(async move { println!("{}", self.hits) });
    }
}
pub fn run() {}
