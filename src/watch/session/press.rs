//! Keys.

use crate::screen::watch::{page, scroll_limit};
use crate::screen::{Role, has_timeline};
use crate::workbook::Step;

use super::super::event::{Change, Effect, Key};
use super::grading::Why;
use super::{Page, Question, Session};

impl Session {
    pub(super) fn press(&mut self, key: Key) -> Vec<Effect> {
        match key {
            Key::Interrupt => return vec![Effect::Quit],
            Key::Suspend => return self.suspend(),
            Key::Redraw => return vec![Effect::Redraw],
            _ => {}
        }
        let mut effects = match self.page {
            _ if self.checking().is_some() => return self.press_while_checking(key),
            Page::List { cursor } => self.press_in_list(key, cursor),
            Page::Timeline | Page::Help => self.press_on_page(key),
            Page::Welcome if key == Key::Char('q') => return vec![Effect::Quit],
            // The first step has been graded meanwhile.
            Page::Welcome => self.press_on_page(key),
            Page::Step | Page::Farewell => return self.press_on_step(key),
        };
        effects.push(Effect::Draw);
        effects
    }

    fn press_on_step(&mut self, key: Key) -> Vec<Effect> {
        let question = self.question.take();
        if self.scrolls(key) {
            self.question = question;
            return vec![Effect::Draw];
        }
        self.notice = None;
        let mut effects = match (question, key) {
            (Some(Question::Reset), Key::Char('y' | 'Y')) => vec![Effect::Reset(self.name())],
            (Some(Question::Reset), _) => {
                self.say(Role::Plain, "Nothing was reset.");
                Vec::new()
            }
            (_, Key::Char('q')) => return vec![Effect::Quit],
            (_, Key::Char('?')) => {
                self.page = Page::Help;
                self.scroll = 0;
                Vec::new()
            }
            (_, Key::Char('l')) => {
                self.page = Page::List { cursor: self.current };
                Vec::new()
            }
            (_, Key::Char('c')) => return self.check_all(),
            _ if self.page == Page::Farewell => Vec::new(),
            (question, Key::Char('n')) => self.next(question == Some(Question::Skip)),
            (_, Key::Char('h')) => self.hint(),
            (_, Key::Char('r')) => self.again(),
            (_, Key::Char('t')) => self.see_it_run(),
            (_, Key::Char('x')) => self.ask_reset(),
            (_, Key::Char(digit @ '0'..='9')) => self.answer(digit),
            (_, Key::Esc) => self.stop(),
            _ => Vec::new(),
        };
        effects.push(Effect::Draw);
        effects
    }

    fn next(&mut self, skip: bool) -> Vec<Effect> {
        let name = self.name();
        let next = self.progress.next_after(&self.workbook, &name).map(Step::name);
        let next = next.and_then(|next| self.workbook.steps().position(|(_, step)| step.name() == next));
        match (next, self.solved()) {
            (Some(next), true) => self.go_to(next, Vec::new()),
            (Some(next), false) if skip => self.go_to(next, vec![Change::Skip(name)]),
            (Some(_), false) => {
                self.question = Some(Question::Skip);
                self.say(Role::Warn, "Not solved yet. Press n again to skip it and come back later.");
                Vec::new()
            }
            (None, true) => {
                self.page = Page::Farewell;
                self.scroll = 0;
                Vec::new()
            }
            (None, false) => {
                self.say(Role::Warn, "This is the last step that is not solved: nothing is left to skip to.");
                Vec::new()
            }
        }
    }

    fn hint(&mut self) -> Vec<Effect> {
        let Some(Step::Exercise(exercise)) = self.step() else {
            self.say(Role::Warn, "A quiz has no hints. A wrong answer costs nothing: try one.");
            return Vec::new();
        };
        let total = exercise.hints.len();
        let name = exercise.name.clone();
        if self.solved() {
            self.say(Role::Good, "It is solved already. Press n for the next step.");
        } else if total == 0 {
            self.say(Role::Warn, "This exercise has no hints.");
        } else if self.hints_taken() >= total {
            self.say(
                Role::Warn,
                "That was the last hint. The chapter's README.md explains the idea at length.",
            );
        } else {
            // Hints stand at the top: bring them into view.
            self.scroll = 0;
            return vec![Effect::Save(vec![Change::Hint(name)])];
        }
        Vec::new()
    }

    pub(super) fn hints_taken(&self) -> usize {
        self.progress.record(&self.name()).map_or(0, |record| record.hints as usize)
    }

    fn again(&mut self) -> Vec<Effect> {
        if matches!(self.step(), Some(Step::Exercise(_))) {
            self.checked = None;
            self.scroll = 0;
            self.grade(Why::Again)
        } else {
            Vec::new()
        }
    }

    fn see_it_run(&mut self) -> Vec<Effect> {
        if self.verdict.as_ref().is_some_and(has_timeline) {
            self.page = Page::Timeline;
            self.scroll = 0;
        } else {
            self.say(
                Role::Warn,
                "Nothing was recorded here. Where t has something to show, it is among the keys below.",
            );
        }
        Vec::new()
    }

    fn ask_reset(&mut self) -> Vec<Effect> {
        match self.step() {
            Some(Step::Exercise(exercise)) => {
                let text = format!(
                    "Put {} back as it was at the start? Your text is kept as a backup. Press y for yes, any other \
                     key for no.",
                    exercise.path()
                );
                self.question = Some(Question::Reset);
                self.say(Role::Warn, text);
            }
            _ => self.say(Role::Warn, "A quiz has no file to reset."),
        }
        Vec::new()
    }

    fn answer(&mut self, digit: char) -> Vec<Effect> {
        let Some(Step::Quiz(quiz)) = self.step() else { return Vec::new() };
        if self.solved() {
            return Vec::new();
        }
        let order = quiz.order_for(self.progress.learner());
        let shown = digit.to_digit(10).and_then(|digit| (digit as usize).checked_sub(1));
        let Some(&choice) = shown.and_then(|shown| order.get(shown)) else {
            let text = format!("Press a number from 1 to {}.", order.len());
            self.say(Role::Warn, text);
            return Vec::new();
        };
        let (name, right) = (quiz.name.clone(), choice == quiz.answer);
        if right {
            self.say(Role::Good, "Press n for the next step.");
        }
        self.scroll = 0;
        vec![Effect::Save(vec![Change::Answer { name, choice }])]
    }

    fn stop(&mut self) -> Vec<Effect> {
        let effects = self.cancel();
        if !effects.is_empty() {
            self.say(Role::Warn, "Stopped. Save the file, or press r, to grade it again.");
        }
        effects
    }

    fn press_while_checking(&mut self, key: Key) -> Vec<Effect> {
        let done = self.checking().map_or(0, |check| check.done.len());
        let effects = match key {
            Key::Char('q') => return vec![Effect::Quit],
            Key::Esc => {
                let mut effects = self.cancel();
                // The current step's own grading was stopped for the check: it has its turn again.
                if matches!(self.step(), Some(Step::Exercise(_))) && self.verdict.is_none() {
                    effects.extend(self.grade(Why::Arrival));
                }
                effects
            }
            _ => return Vec::new(),
        };
        let exercises = if done == 1 { "exercise" } else { "exercises" };
        self.say(
            Role::Warn,
            format!("The check was stopped after {done} {exercises}. What it found is kept."),
        );
        [effects, vec![Effect::Draw]].concat()
    }

    fn press_in_list(&mut self, key: Key, cursor: usize) -> Vec<Effect> {
        let last = self.states.len().saturating_sub(1);
        let page = page(&self.view(), self.size.0, self.size.1);
        let cursor = match key {
            Key::Up | Key::Char('k') => cursor.saturating_sub(1),
            Key::Down | Key::Char('j') => (cursor + 1).min(last),
            Key::PageUp => cursor.saturating_sub(page),
            Key::PageDown => (cursor + page).min(last),
            Key::Home | Key::Char('g') => 0,
            Key::End | Key::Char('G') => last,
            Key::Enter => {
                self.page = Page::Step;
                return if cursor == self.current { Vec::new() } else { self.go_to(cursor, Vec::new()) };
            }
            Key::Esc | Key::Char('q' | 'l') => {
                self.page = Page::Step;
                return Vec::new();
            }
            _ => cursor,
        };
        self.page = Page::List { cursor };
        Vec::new()
    }

    /// Any key leaves a page that is only there to be read.
    fn press_on_page(&mut self, key: Key) -> Vec<Effect> {
        if !self.scrolls(key) {
            self.page = Page::Step;
            self.scroll = 0;
        }
        Vec::new()
    }

    /// Whether it is a key for scrolling; it has done so then.
    fn scrolls(&mut self, key: Key) -> bool {
        let (width, height) = self.size;
        let view = self.view();
        let (limit, page) = (scroll_limit(&view, width, height), page(&view, width, height));
        let now = self.scroll.min(limit);
        self.scroll = match key {
            Key::Up | Key::Char('k') => now.saturating_sub(1),
            Key::Down | Key::Char('j') => (now + 1).min(limit),
            Key::PageUp => now.saturating_sub(page),
            Key::PageDown | Key::Char(' ') => (now + page).min(limit),
            Key::Home => 0,
            Key::End => limit,
            _ => return false,
        };
        true
    }

    /// A stopped program cannot watch the time limits of its tests: the grading starts over afterwards.
    fn suspend(&mut self) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.run.iter().map(|run| Effect::Cancel(run.id)).collect();
        effects.push(Effect::Suspend);
        effects
    }

    pub(super) fn resumed(&mut self) -> Vec<Effect> {
        let mut effects = self.restart();
        effects.push(Effect::Redraw);
        effects
    }
}
