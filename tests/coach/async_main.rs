//! situation: async_main
//! says: there is no engine yet
//! exercise: program

pub async fn main() {}
pub fn run() {}
