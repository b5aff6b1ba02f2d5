//! situation: error_type_unknown
//! says: names the error type

async fn load() -> Result<u32, String> {
    Ok(1)
}

pub fn run() {
    let job = async {
        let n = load().await?;
        Ok(n + 1)
    };
    drop(job);
}
