//! situation: outcome_not_named
//! says: what it resolves to

pub async fn start(f: Box<dyn Future>) {}
pub fn run() {}
