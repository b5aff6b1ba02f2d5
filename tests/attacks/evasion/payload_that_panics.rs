//! attacks: async_main
//! expects: failed
//! stopped by: report-needed
//!
//! Panics with a value whose destructor panics again, out of reach of whoever caught the first panic.

struct Again;

impl Drop for Again {
    fn drop(&mut self) {
        std::panic::panic_any(Again);
    }
}

pub async fn probe(_service: &str) -> String {
    std::panic::resume_unwind(Box::new(Again));
}

fn main() {}
