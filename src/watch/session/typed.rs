//! Lines in place of keys: what a learner types where there is no screen.

use crate::screen::{KeyHelp, Role};

use super::super::event::{Effect, Key};
use super::super::keys;
use super::Session;
use super::page::{Listing, Page};

impl Session {
    /// What a line asks for: a key, a key's word, the name of a step, or what to search for.
    pub(super) fn typed(&mut self, text: &str) -> Vec<Effect> {
        let text = text.trim();
        let searching = matches!(&self.page, Page::List(Listing { filter, .. }) if filter.typing);
        let in_list = matches!(self.page, Page::List(_)) && self.checking().is_none();
        if let Some(key) = named(text, &self.keys_here()).filter(|key| !searching || !is_text(*key)) {
            return self.press(key);
        }
        if searching || in_list && text.starts_with('/') {
            // The next key answers what came of the one before, so all are pressed in turn.
            return text.chars().flat_map(|letter| self.press(Key::Char(letter))).collect();
        }
        let step = self.workbook.steps().position(|(_, step)| step.name() == text);
        match step {
            Some(index) if self.checking().is_none() => self.go_by_name(index),
            Some(_) => self.press(Key::Enter),
            None => {
                self.announced.clear();
                let what: String = text.chars().take(40).collect();
                self.say(
                    Role::Plain,
                    format!("\"{what}\" is not a key, not a key's word, and not the name of a step. ? lists the keys."),
                );
                vec![Effect::Draw]
            }
        }
    }

    fn go_by_name(&mut self, index: usize) -> Vec<Effect> {
        self.announced.clear();
        self.notice = None;
        self.question = None;
        let mut effects = self.close_program();
        self.page = Page::Step;
        if index != self.current {
            effects.extend(self.enter(index, Vec::new()));
        }
        effects.push(Effect::Draw);
        effects
    }
}

/// The key that a line names: by itself, or by its word. Of several with one word, that counts which does something now.
fn named(text: &str, here: &[KeyHelp]) -> Option<Key> {
    let mut letters = text.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Some(Key::Char(letter));
    }
    let word = text.to_lowercase();
    match word.as_str() {
        "" | "enter" => return Some(Key::Enter),
        "esc" | "escape" | "back" => return Some(Key::Esc),
        "yes" => return Some(Key::Char('y')),
        "no" => return Some(Key::Char('n')),
        "help" => return Some(Key::Char('?')),
        "exit" => return Some(Key::Char('q')),
        "ctrl-c" => return Some(Key::Interrupt),
        _ => {}
    }
    let help = here.iter().chain(&keys::TYPED).find(|help| help.short == word)?;
    named(help.key, &[])
}

/// Whether a key writes something where text is typed.
fn is_text(key: Key) -> bool {
    matches!(key, Key::Char(_))
}
