//! situation: import_missing
//! says: `Pin` exists, but this file does not import it

pub struct Ready;

impl Future for Ready {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _context: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        std::task::Poll::Ready(())
    }
}

pub fn run() {}
