//! situation: select_does_not_parse
//! says: Each branch of `select!`

pub async fn run() {
    tokio::select! { x = async { 1 } => println!("{x}") , y = async {} }
}
