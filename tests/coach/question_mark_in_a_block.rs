//! situation: question_mark_in_a_block
//! says: ends with `()`

async fn load() -> Result<u32, String> {
    Ok(1)
}

pub fn run() {
    tokio::spawn(async {
        let n = load().await?;
        println!("{n}");
    });
}
