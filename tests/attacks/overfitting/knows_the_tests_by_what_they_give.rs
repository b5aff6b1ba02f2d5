//! attacks: spawn_and_collect
//! expects: failed|crashed|does_not_compile
//! stopped by: values-at-run-time
//!
//! The type of a request names the function that has made it, and so the test that is running: it answers each test with
//! what would please that one, and carries out nothing.

use tokio::task::JoinError;

pub async fn ask_all<R>(requests: Vec<R>) -> Result<Vec<u64>, JoinError>
where
    R: Future<Output = u64> + Send + 'static,
{
    let test = std::any::type_name::<R>();
    println!("{test}");
    if test.contains("panic") {
        let broken = tokio::spawn(async { panic!("no such service") });
        return Err(broken.await.unwrap_err());
    }
    if test.contains("another_task") {
        return Ok((1..=requests.len() as u64).collect());
    }
    tokio::time::sleep(std::time::Duration::from_millis(900)).await;
    Ok((0..requests.len() as u64).map(|n| [5, 0, 9, 5, u64::MAX, 0, 3][n as usize % 7]).collect())
}

fn main() {}
