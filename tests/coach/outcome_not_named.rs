//! situation: outcome_not_named
//! says: what it ends with

pub async fn start(f: Box<dyn Future>) {}
pub fn run() {}
