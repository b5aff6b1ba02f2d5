//! A function for the lines, and one that owns the writer.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncWrite, AsyncWriteExt, BufReader, BufWriter, duplex};

pub async fn send_batch<W: AsyncWrite + Unpin>(connection: &mut W, sales: &[String]) -> io::Result<()> {
    async fn lines<W: AsyncWrite + Unpin>(writer: &mut BufWriter<W>, sales: &[String]) -> io::Result<()> {
        for sale in sales {
            writer.write_all(format!("{sale}\n").as_bytes()).await?;
        }
        Ok(())
    }

    let mut writer = BufWriter::with_capacity(16 * 1024, connection);
    lines(&mut writer, sales).await?;
    match writer.flush().await {
        Ok(()) => Ok(()),
        Err(error) => Err(error),
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
