//! situation: tests_expect_another_type
//! says: no longer fits

pub async fn run() {}
