//! fails: a_slow_connection_is_waited_for
//! says: the connection wakes the task
//!
//! Tries to flush every 10 ms.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWrite, AsyncWriteExt, BufReader, BufWriter, duplex};
use tokio::time::timeout;

pub async fn send_batch<W: AsyncWrite + Unpin>(connection: &mut W, sales: &[String]) -> io::Result<()> {
    let mut writer = BufWriter::new(connection);
    for sale in sales {
        writer.write_all(sale.as_bytes()).await?;
        writer.write_all(b"\n").await?;
    }
    loop {
        if let Ok(flushed) = timeout(Duration::from_millis(10), writer.flush()).await {
            return flushed;
        }
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let (mut till, office) = duplex(64);
    let head_office = tokio::spawn(async move {
        let mut lines = BufReader::new(office).lines();
        let mut count = 0;
        while let Some(sale) = lines.next_line().await? {
            println!("  head office: {sale}");
            count += 1;
        }
        io::Result::Ok(count)
    });

    for batch in [["2 kg of rice", "1 melon"], ["6 eggs", "1 bag of flour"]] {
        send_batch(&mut till, &batch.map(String::from)).await?;
        println!("till: sent {} sales", batch.len());
    }
    drop(till);
    println!("The head office has seen {} sales.", head_office.await.expect("reading does not panic")?);
    Ok(())
}
