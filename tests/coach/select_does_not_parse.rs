//! situation: select_does_not_parse
//! says: `select!` reads branches

pub async fn run() {
    tokio::select! { x = async { 1 } => println!("{x}") , y = async {} }
}
