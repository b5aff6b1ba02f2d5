//! situation: async_main
//! says: there is no runtime yet
//! exercise: program

pub async fn main() {}
pub fn run() {}
