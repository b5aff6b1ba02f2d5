//! situation: await_outside_async
//! says: `total` is a plain function

async fn price(id: u32) -> u32 {
    id * 2
}
pub fn total(
    first_of_the_numbers: u32,
    second_of_the_numbers: u32,
    third_of_the_numbers: u32,
    fourth_of_them: u32,
) -> u32 {
    let first = price(first_of_the_numbers).await;
    first + second_of_the_numbers + third_of_the_numbers + fourth_of_them
}
pub fn run() {}
