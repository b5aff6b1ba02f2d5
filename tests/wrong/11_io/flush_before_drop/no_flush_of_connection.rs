//! fails: the_head_office_sees_every_sale
//! says: `send_batch` returned `Ok`, and the connection has accepted all of them and has not been
//!
//! Nothing is left in a buffer, neither here nor in the connection: the connection is not flushed.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncWrite, AsyncWriteExt, BufReader, BufWriter, duplex};

pub async fn send_batch<W: AsyncWrite + Unpin>(connection: &mut W, sales: &[String]) -> io::Result<()> {
    let mut text = String::new();
    for sale in sales {
        text.push_str(sale);
        text.push('\n');
    }
    connection.write_all(text.as_bytes()).await
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
