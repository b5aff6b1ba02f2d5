//! situation: awaited_plan_not_send
//! says: may not move

pub struct Token(*const u8);
pub struct Wait(Token);
impl Future for Wait {
    type Output = ();
    fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        std::task::Poll::Ready(())
    }
}
async fn wait() {
    Wait(Token(std::ptr::null())).await
}
pub fn run() {
    tokio::spawn(wait());
}
