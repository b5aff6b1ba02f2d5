async fn price(item: &str) -> usize {
    println!("asked for {item}");
    item.len()
}

#[tokio::main]
async fn main() {
    let prices: Vec<_> = ["tea", "bread"].into_iter().map(price).collect();
    println!("{} prices", prices.len());
    for price in prices {
        println!("{}", price.await);
    }
}
