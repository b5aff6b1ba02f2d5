async fn check(stock: u32) -> &'static str {
    let order = async {
        if stock == 0 {
            return "sold out";
        }
        "in stock"
    };
    println!("checking");
    println!("{}", order.await);
    "checked"
}

#[tokio::main]
async fn main() {
    println!("{}", check(0).await);
}
