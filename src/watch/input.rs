//! Keys, the screen's size and signals, as events of the session.

use std::io;

use crossterm::event::{Event as Raw, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures_util::StreamExt as _;

use super::event::{Event, Key, Signal};
use super::outside::Input;
use super::terminal::usable_size;
use crate::system::signals::{Asked, Signals};

/// The terminal that the program was started from, and the system's signals.
pub(super) struct Terminal {
    /// `None` while someone else has the terminal: a stream would take its keys away.
    events: Option<EventStream>,
    signals: Signals,
}

impl Terminal {
    /// From now on signals are events and no longer end the program.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { events: Some(EventStream::new()), signals: Signals::new()? })
    }
}

impl From<Asked> for Signal {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::Interrupt => Self::Interrupt,
            Asked::Terminate => Self::Terminate,
            Asked::HangUp => Self::HangUp,
        }
    }
}

/// The next key or size; never, while someone else has the terminal.
async fn read(events: &mut Option<EventStream>) -> Option<io::Result<Raw>> {
    match events {
        Some(events) => events.next().await,
        None => std::future::pending().await,
    }
}

impl Input for Terminal {
    fn lend(&mut self, lent: bool) {
        self.events = (!lent).then(EventStream::new);
        // A Ctrl-C that ended whoever had the terminal came to us as well, and is none of ours.
        self.signals.forget_interrupts();
    }

    async fn next(&mut self) -> Event {
        loop {
            tokio::select! {
                biased;
                asked = self.signals.next() => return Event::Signal(asked.into()),
                raw = read(&mut self.events) => match raw {
                    Some(Ok(raw)) => {
                        if let Some(event) = translate(raw) {
                            return event;
                        }
                    }
                    // No more keys will come: the terminal is gone.
                    Some(Err(_)) | None => return Event::Signal(Signal::HangUp),
                },
            }
        }
    }
}

fn translate(raw: Raw) -> Option<Event> {
    match raw {
        Raw::Key(key) if key.kind != KeyEventKind::Release => self::key(key).map(Event::Key),
        Raw::Resize(columns, rows) => {
            let (width, height) = usable_size(Some((columns, rows)));
            Some(Event::Resized(width, height))
        }
        _ => None,
    }
}

fn key(event: KeyEvent) -> Option<Key> {
    if event.modifiers.contains(KeyModifiers::CONTROL) {
        return match event.code {
            KeyCode::Char('c' | 'C') => Some(Key::Interrupt),
            KeyCode::Char('z' | 'Z') => Some(Key::Suspend),
            KeyCode::Char('l' | 'L') => Some(Key::Redraw),
            _ => None,
        };
    }
    match event.code {
        KeyCode::Char(c) if !event.modifiers.contains(KeyModifiers::ALT) => Some(Key::Char(c)),
        KeyCode::Enter => Some(Key::Enter),
        KeyCode::Esc => Some(Key::Esc),
        KeyCode::Backspace => Some(Key::Backspace),
        KeyCode::Up => Some(Key::Up),
        KeyCode::Down => Some(Key::Down),
        KeyCode::Left => Some(Key::Left),
        KeyCode::Right => Some(Key::Right),
        KeyCode::PageUp => Some(Key::PageUp),
        KeyCode::PageDown => Some(Key::PageDown),
        KeyCode::Home => Some(Key::Home),
        KeyCode::End => Some(Key::End),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
        match translate(Raw::Key(KeyEvent::new(code, modifiers))) {
            Some(Event::Key(key)) => Some(key),
            _ => None,
        }
    }

    #[test]
    fn keys_are_told_apart_by_what_they_do() {
        assert_eq!(pressed(KeyCode::Char('n'), KeyModifiers::NONE), Some(Key::Char('n')));
        assert_eq!(pressed(KeyCode::Char('G'), KeyModifiers::SHIFT), Some(Key::Char('G')));
        assert_eq!(pressed(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Key::Interrupt));
        assert_eq!(pressed(KeyCode::Char('z'), KeyModifiers::CONTROL), Some(Key::Suspend));
        assert_eq!(pressed(KeyCode::Char('n'), KeyModifiers::CONTROL), None);
        assert_eq!(pressed(KeyCode::Char('n'), KeyModifiers::ALT), None);
        assert_eq!(pressed(KeyCode::F(1), KeyModifiers::NONE), None);
    }

    #[test]
    fn a_key_that_goes_up_is_no_second_press() {
        let mut event = KeyEvent::new(KeyCode::Char('n'), KeyModifiers::NONE);
        event.kind = KeyEventKind::Release;
        assert!(translate(Raw::Key(event)).is_none());
    }
}
