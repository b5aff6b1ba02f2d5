//! situation: field_of_a_plan
//! says: `name` belongs

pub struct User {
    name: String,
}
async fn user() -> User {
    User { name: String::new() }
}
pub async fn total() -> String {
    user().name
}
pub fn run() {}
