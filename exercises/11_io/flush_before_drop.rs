//! The tills of a store send their sales to the head office. `send_batch` sends one batch over a connection, a line for each
//! sale. The connection stays open for the next batches.
//!
//! When `send_batch` returns `Ok`, the whole batch is on its way: nothing of it is left in a buffer, neither here nor in the
//! connection, which may keep bytes back until it is flushed, as encrypted connections do. Every error is passed on: then
//! the till sends the batch again later. Each write to the connection costs a packet, and a batch of less than 8 KiB
//! goes out in one write (unless the connection accepts only a part of it).
//!
//! In `cargo run`, a till sends two batches without an error, and the head office does not see a single sale.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncWrite, AsyncWriteExt, BufReader, BufWriter, duplex};

pub async fn send_batch<W: AsyncWrite + Unpin>(connection: &mut W, sales: &[String]) -> io::Result<()> {
    let mut writer = BufWriter::new(connection);
    for sale in sales {
        writer.write_all(sale.as_bytes()).await?;
        writer.write_all(b"\n").await?;
    }
    Ok(())
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
