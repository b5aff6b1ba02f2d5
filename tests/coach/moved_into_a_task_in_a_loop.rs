//! situation: moved_into_a_task_in_a_loop
//! says: gave `list` to a task
//! says: a share of one value

async fn send(list: Vec<String>) {
    drop(list);
}

pub async fn all() {
    let list = vec![String::from("a")];
    for _ in 0..2 {
        tokio::spawn(send(list));
    }
}
pub fn run() {}
