//! Sales go to the head office in batches, each of them in one write.
//!
//! Why nothing arrived: a `BufWriter` keeps bytes until its buffer is full, and both batches fit into it. `Ok` from `write_all`
//! meant "in the buffer". At the end of the function the writer was dropped, and its buffer with it: a write may have to wait,
//! and it may fail, and `drop` can do neither.
//!
//! `flush` writes the buffer, and then it flushes the connection, which may have a buffer of its own. Its error is the last one
//! that can still reach the caller. `shutdown` flushes as well, and then it ends the stream: right after the last batch, and
//! wrong after any other.
//!
//! A `Vec` that collects the batch, one `write_all` and a `flush` of the connection are as good while batches are small. A
//! `BufWriter` needs 8 KiB however large the batch is.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncWrite, AsyncWriteExt, BufReader, BufWriter, duplex};

pub async fn send_batch<W: AsyncWrite + Unpin>(connection: &mut W, sales: &[String]) -> io::Result<()> {
    let mut writer = BufWriter::new(connection);
    for sale in sales {
        writer.write_all(sale.as_bytes()).await?;
        writer.write_all(b"\n").await?;
    }
    // Before the writer is dropped, and with a way back for its error.
    writer.flush().await
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
