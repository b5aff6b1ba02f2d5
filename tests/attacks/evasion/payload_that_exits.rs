//! attacks: async_main
//! expects: failed
//! stopped by: report-needed
//!
//! Panics with a value whose destructor ends the process with exit code 0: whoever catches the panic and drops
//! its value is gone.

struct Leaving;

impl Drop for Leaving {
    fn drop(&mut self) {
        std::process::exit(0);
    }
}

pub async fn probe(_service: &str) -> String {
    std::panic::panic_any(Leaving);
}

fn main() {
    std::panic::panic_any(Leaving);
}
