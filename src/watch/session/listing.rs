//! The list: the cursor, what is shown of it, and the way to a step.

use crate::screen::watch::page;
use crate::screen::{ListFilter, Role};
use crate::workbook::Step;

use super::super::event::{Effect, Key};
use super::super::shown::rows_of;
use super::Session;
use super::page::{Listing, Page};

impl Session {
    pub(super) fn press_in_list(&mut self, key: Key, mut listing: Listing) -> Vec<Effect> {
        let page = page(&self.view(), self.size.0, self.size.1);
        self.notice = None;
        let filter = &mut listing.filter;
        match key {
            Key::Enter => return self.leave_list(&listing),
            Key::Esc if *filter != ListFilter::default() => *filter = ListFilter::default(),
            Key::Backspace if filter.typing => drop(filter.search.pop()),
            Key::Char(c) if filter.typing => filter.search.push(c),
            Key::Esc | Key::Char('q' | 'l') => {
                self.page = Page::Step;
                return Vec::new();
            }
            Key::Char('/') => filter.typing = true,
            Key::Char('f') => filter.show = filter.show.next(),
            Key::Char('o') => filter.core_only = !filter.core_only,
            Key::Char(c) if !"jkgG".contains(c) => {
                self.say(
                    Role::Plain,
                    format!("{c} does nothing in the list. The keys below do something, and esc leads back."),
                );
                return Vec::new();
            }
            _ => {}
        }
        let typing = filter.typing;
        let shown = self.shown(&listing);
        if typing && matches!(key, Key::Char(_) | Key::Backspace) && !listing.filter.search.is_empty() {
            // A name that has the text is meant rather than a chapter that has it.
            let rows = rows_of(&self.workbook, &self.progress, None);
            let named = shown.iter().find(|row| listing.filter.names(&rows[**row]));
            listing.cursor = *named.or(shown.first()).unwrap_or(&listing.cursor);
        }
        // The place of the cursor among what is shown; a row that has gone leaves it to the next one.
        let last = shown.len().saturating_sub(1);
        let place = shown.iter().position(|row| *row >= listing.cursor).unwrap_or(last);
        let place = match key {
            Key::Char(_) if typing => place,
            Key::Up | Key::Char('k') => place.saturating_sub(1),
            Key::Down | Key::Char('j') => (place + 1).min(last),
            Key::PageUp => place.saturating_sub(page),
            Key::PageDown => (place + page).min(last),
            Key::Home | Key::Char('g') => 0,
            Key::End | Key::Char('G') => last,
            _ => place,
        };
        listing.cursor = shown.get(place).copied().unwrap_or(listing.cursor);
        self.page = Page::List(listing);
        Vec::new()
    }

    fn leave_list(&mut self, listing: &Listing) -> Vec<Effect> {
        if !self.shown(listing).contains(&listing.cursor) {
            return Vec::new();
        }
        self.page = Page::Step;
        if listing.cursor == self.current { Vec::new() } else { self.enter(listing.cursor, Vec::new()) }
    }

    /// Indices of the steps that are shown.
    fn shown(&self, listing: &Listing) -> Vec<usize> {
        let rows = rows_of(&self.workbook, &self.progress, self.step().map(Step::name));
        let shown = rows.iter().enumerate().filter(|(_, row)| listing.filter.takes(row));
        shown.map(|(index, _)| index).collect()
    }
}
