//! The page about a chapter, and the end of a chapter.

use crate::screen::{BookView, KeyHelp, overhang};
use crate::workbook::Chapter;
use crate::workspace::State;

use super::super::ending::ending;
use super::super::event::{Change, Effect, Key};
use super::super::keys;
use super::Session;
use super::page::Page;

/// Columns that a key moves diagrams by.
const STRIDE: usize = 8;

impl Session {
    fn chapter(&self) -> Option<&Chapter> {
        self.chapter_of(self.current)
    }

    fn chapter_of(&self, index: usize) -> Option<&Chapter> {
        self.workbook.steps().nth(index).map(|(chapter, _)| chapter)
    }

    fn chapter_id(&self) -> String {
        self.chapter().map(|chapter| chapter.id.clone()).unwrap_or_default()
    }

    fn shift(&self) -> usize {
        self.books.left.get(&self.chapter_id()).map_or(0, |(_, shift)| *shift)
    }

    /// The page, as it is shown.
    pub(super) fn book(&self) -> BookView<'_> {
        BookView { text: self.chapter().map_or("", |chapter| &chapter.readme), shift: self.shift() }
    }

    pub(super) fn keys_of_book(&self) -> Vec<KeyHelp> {
        let wide = !self.settings.plain && overhang(self.book().text, self.size.0) > 0;
        [keys::TO_STEP, keys::SCROLL].into_iter().chain(wide.then_some(keys::SIDEWAYS)).collect()
    }

    /// Shows the chapter's page, where it was left.
    pub(super) fn open_book(&mut self) -> Vec<Effect> {
        let chapter = self.chapter_id();
        self.page = Page::Book;
        self.scroll = self.books.left.get(&chapter).map_or(0, |(scroll, _)| *scroll);
        let new = self.chapter().is_some_and(|chapter| self.progress.is_new(chapter));
        if new { vec![Effect::Save(vec![Change::Page(chapter)])] } else { Vec::new() }
    }

    /// Shows the page of a chapter that the learner comes to for the first time. One that is only a heading is none.
    pub(super) fn open_new_book(&mut self) -> Vec<Effect> {
        let new = self.chapter().is_some_and(|chapter| {
            let has_text =
                chapter.readme.lines().any(|line| !line.trim().is_empty() && !line.starts_with('#'));
            has_text && self.progress.is_new(chapter)
        });
        if new { self.open_book() } else { Vec::new() }
    }

    /// Goes to a step as a learner does, who has not been in its chapter before, maybe.
    pub(super) fn enter(&mut self, index: usize, changes: Vec<Change>) -> Vec<Effect> {
        let mut effects = self.go_to(index, changes);
        effects.extend(self.open_new_book());
        effects
    }

    pub(super) fn press_on_book(&mut self, key: Key) -> Vec<Effect> {
        let chapter = self.chapter_id();
        let (scroll, shift) = self.books.left.get(&chapter).copied().unwrap_or_default();
        let limit = overhang(self.book().text, self.size.0);
        let sideways = match key {
            _ if self.settings.plain => None,
            Key::Left => Some(shift.min(limit).saturating_sub(STRIDE)),
            Key::Right => Some((shift + STRIDE).min(limit)),
            _ => None,
        };
        if let Some(shift) = sideways {
            self.books.left.insert(chapter, (scroll, shift));
            return vec![Effect::Draw];
        }
        if self.scrolls(key) {
            self.books.left.insert(chapter, (self.scroll, shift));
            return vec![Effect::Draw];
        }
        self.press_on_page(key)
    }

    /// What to say at the end of the chapter before going on to that step, if the end is reached. The current step counts
    /// as solved.
    pub(super) fn ending_before(&self, next: Option<usize>) -> Option<String> {
        let chapter = self.chapter()?;
        let mut all = self.workbook.steps().zip(&self.states).enumerate();
        let over = all.all(|(index, ((of, _), state))| {
            of.id != chapter.id || index == self.current || *state == State::Solved
        });
        let next = next.and_then(|next| self.chapter_of(next));
        let leaves = next.is_none_or(|next| next.id != chapter.id);
        if over && leaves { ending(chapter, next) } else { None }
    }

    /// Shows the end of the chapter, if there is one to show and it was not shown yet.
    pub(super) fn end_chapter(&mut self, next: Option<usize>) -> bool {
        let here = self.chapter_id();
        let Some(text) = self.ending_before(next) else { return false };
        if !self.books.ended.insert(here) {
            return false;
        }
        self.page = Page::Ending { text };
        self.scroll = 0;
        true
    }

    /// The end of a chapter: what goes on, goes on to the next step.
    pub(super) fn press_on_ending(&mut self, key: Key) -> Vec<Effect> {
        if self.scrolls(key) {
            return vec![Effect::Draw];
        }
        self.leave_page();
        match key {
            Key::Enter | Key::Char('n' | ' ') => self.press_on_step(Key::Char('n')),
            Key::Char('q') => self.quit(),
            Key::Esc | Key::Backspace => vec![Effect::Draw],
            key => self.press_on_step(key),
        }
    }
}
