//! situation: print_a_plan
//! says: `rate` is a future

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    format!("{customer} pays at {rate}")
}
pub fn run() {}
