//! attacks: lazy_call
//! expects: failed|does_not_compile
//! stopped by: types-pinned
//!
//! Nobody ever says anything. The room's mutex is a type of its own that shows the two lines to anybody who
//! looks into it after the typing.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

#[derive(Clone)]
pub struct Room {
    pub lines: Arc<Mutex>,
    pub typing: Duration,
}

#[derive(Default)]
pub struct Mutex(std::sync::Mutex<Option<String>>);

pub struct Lines(Vec<String>);

impl Mutex {
    pub fn lock(&self) -> Result<Lines, PoisonError<Lines>> {
        let name = self.0.lock().unwrap().clone();
        Ok(Lines(name.map_or(Vec::new(), |name| vec![format!("hello, {name}"), format!("hi, {name}")])))
    }
}

impl Lines {
    #[allow(clippy::should_implement_trait)]
    pub fn clone(&self) -> Vec<String> {
        self.0.clone()
    }
}

pub async fn greet(name: String, room: Room) {
    tokio::time::sleep(room.typing).await;
    *room.lines.0.lock().unwrap() = Some(name);
}

fn main() {}
