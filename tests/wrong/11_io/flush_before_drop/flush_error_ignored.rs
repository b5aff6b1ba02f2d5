//! fails: errors_are_passed_on
//! says: The flush of the connection failed with ConnectionReset, and `send_batch` returned `Ok`. The till
//!
//! Every error is passed on: the one of flush is not.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncWrite, AsyncWriteExt, BufReader, BufWriter, duplex};

pub async fn send_batch<W: AsyncWrite + Unpin>(connection: &mut W, sales: &[String]) -> io::Result<()> {
    let mut text = Vec::new();
    for sale in sales {
        text.extend_from_slice(sale.as_bytes());
        text.push(b'\n');
    }
    connection.write_all(&text).await?;
    // The bytes are out, this is only to hurry.
    let _ = connection.flush().await;
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
