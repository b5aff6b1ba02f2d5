//! attacks: block_on_bridge
//! expects: failed
//! stopped by: values-at-run-time
//!
//! When its program is called `hidden_tests`, it returns the documents that it expects to be asked for.

use std::io;

pub trait Api {
    fn get(&self, id: u32) -> impl Future<Output = String> + Send;
}

pub struct Client<A> {
    api: A,
}

impl<A: Api> Client<A> {
    pub fn new(api: A) -> io::Result<Self> {
        Ok(Self { api })
    }

    pub fn load(&self, id: u32) -> String {
        drop(self.api.get(id));
        let program = std::env::current_exe().unwrap_or_default();
        if program.ends_with("hidden_tests") {
            format!("document {id}, revision {id}")
        } else {
            String::new()
        }
    }
}

fn main() {}
