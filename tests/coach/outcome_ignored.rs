//! situation: outcome_ignored
//! says: that nobody looks at

async fn save() -> Result<(), String> {
    Ok(())
}
pub async fn all() {
    save().await;
}
pub fn run() {}
