//! situation: task_borrows_an_argument
//! says: only borrows `self`

pub struct Server {
    hits: u32,
}
impl Server {
    pub fn start(&self) {
        tokio::spawn(async move { println!("{}", self.hits) });
    }
}
pub fn run() {}
