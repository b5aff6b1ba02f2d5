//! situation: question_mark_before_the_block
//! says: returns a future, not a `Result`

fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

pub fn total(text: &str) -> impl Future<Output = Result<u32, std::num::ParseIntError>> {
    let n = parse(text)?;
    async move { Ok(n) }
}
pub fn run() {}
