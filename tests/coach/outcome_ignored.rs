//! situation: outcome_ignored
//! says: ignores a `Result`

async fn save() -> Result<(), String> {
    Ok(())
}
pub async fn all() {
    save().await;
}
pub fn run() {}
