//! situation: await_outside_async
//! says: `total` is a plain function
//! says: until `price(id)` is ready

async fn price(id: u32) -> u32 {
    id * 2
}

fn total(id: u32) -> u32 {
    price(id).await + 1
}

pub fn run() {
    total(1);
}
