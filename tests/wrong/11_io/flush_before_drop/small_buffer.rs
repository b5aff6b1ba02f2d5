//! fails: a_batch_goes_out_in_one_write
//! says: It should leave in one write: it has less than
//!
//! A batch of less than 8 KiB goes out in one write: it is 4 KiB at a time.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncWrite, AsyncWriteExt, BufReader, BufWriter, duplex};

pub async fn send_batch<W: AsyncWrite + Unpin>(connection: &mut W, sales: &[String]) -> io::Result<()> {
    let mut writer = BufWriter::with_capacity(4 * 1024, connection);
    for sale in sales {
        writer.write_all(format!("{sale}\n").as_bytes()).await?;
    }
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
