//! Keys.

use crate::screen::watch::{page, scroll_limit};
use crate::screen::{Role, has_timeline};
use crate::workbook::Step;
use crate::workspace::Mark;

use super::super::event::{Change, Effect, Key, Occasion};
use super::super::shown::program_to_run;
use super::Session;
use super::page::{Listing, Page, Question};
use super::run::Why;

impl Session {
    pub(super) fn press(&mut self, key: Key) -> Vec<Effect> {
        match key {
            Key::Interrupt if self.page == Page::Program => return self.interrupt_program(),
            Key::Interrupt => return self.quit(),
            Key::Suspend => return self.suspend(),
            Key::Redraw => return vec![Effect::Redraw],
            _ => {}
        }
        if !is_for_scrolling(key) {
            self.announced.clear();
        }
        let mut effects = match &self.page {
            _ if self.checking().is_some() => return self.press_while_checking(key),
            Page::List(listing) => {
                let listing = listing.clone();
                self.press_in_list(key, listing)
            }
            Page::Timeline | Page::Help | Page::Task | Page::Solution { .. } => {
                return self.press_on_page(key);
            }
            Page::Book => return self.press_on_book(key),
            Page::Ending { .. } => return self.press_on_ending(key),
            Page::Program => return self.press_on_program(key),
            Page::Welcome | Page::Back { .. } if key == Key::Char('q') => return self.quit(),
            // The step has been graded meanwhile. A check is what the page may have asked for.
            Page::Back { .. } if key == Key::Char('c') => return self.check_all(),
            Page::Welcome | Page::Back { .. } => {
                if self.scrolls(key) {
                    Vec::new()
                } else {
                    self.leave_page();
                    self.open_new_book()
                }
            }
            Page::Step | Page::Farewell => return self.press_on_step(key),
        };
        effects.push(Effect::Draw);
        effects
    }

    pub(super) fn press_on_step(&mut self, key: Key) -> Vec<Effect> {
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
            (_, Key::Char('q')) => return self.quit(),
            (_, Key::Char('?')) => {
                self.page = Page::Help;
                self.scroll = 0;
                Vec::new()
            }
            (_, Key::Char('l')) => {
                self.page = Page::List(Listing::at(self.current));
                Vec::new()
            }
            (_, Key::Char('c')) => return self.check_all(),
            (_, key) if self.page == Page::Farewell => self.idle(key),
            (question, Key::Char('n')) => self.next(question == Some(Question::Skip)),
            (_, Key::Char('h')) => self.hint(),
            (_, Key::Char('r')) => self.again(),
            (_, Key::Char('p')) => self.play(),
            (_, Key::Char('e')) => self.edit(),
            (_, Key::Char('s')) => self.compare(),
            (_, Key::Char('t')) => self.see_it_run(),
            (_, Key::Char('i')) => self.show_task(),
            (_, Key::Char('b')) => self.open_book(),
            (_, Key::Char('x')) => self.ask_reset(),
            (_, Key::Char('v')) => self.switch_reviews(),
            (_, Key::Char(digit @ '0'..='9')) => self.answer(digit),
            (_, Key::Esc) => self.stop(),
            (_, key) => self.idle(key),
        };
        effects.push(Effect::Draw);
        effects
    }

    /// The step to do after the current one.
    pub(super) fn next_index(&self) -> Option<usize> {
        let next = self.progress.next_after(&self.workbook, &self.name()).map(Step::name)?;
        self.workbook.steps().position(|(_, step)| step.name() == next)
    }

    fn next(&mut self, skip: bool) -> Vec<Effect> {
        let name = self.name();
        match (self.next_index(), self.solved()) {
            (next, true) if self.end_chapter(next) => Vec::new(),
            (Some(next), true) => self.enter(next, Vec::new()),
            (Some(next), false) if skip => self.enter(next, vec![Change::Skip(name)]),
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
                self.say(
                    Role::Warn,
                    "This is the last step that is not solved, so there is nothing to skip to.",
                );
                Vec::new()
            }
        }
    }

    fn switch_reviews(&mut self) -> Vec<Effect> {
        let on = !self.progress.reviews_are_on();
        self.say(
            Role::Good,
            if on { "Reviews are on." } else { "Reviews are off. Press v to turn them on again." },
        );
        vec![Effect::Save(vec![Change::Reviews(on)])]
    }

    fn hint(&mut self) -> Vec<Effect> {
        let Some(Step::Exercise(exercise)) = self.step() else {
            self.say_of_quiz("has no hints. A wrong answer costs nothing: try one.");
            return Vec::new();
        };
        let total = exercise.hints.len();
        let name = exercise.name.clone();
        if self.solved() {
            self.say(Role::Good, "It is already solved. Press n for the next step.");
        } else if total == 0 {
            self.say(Role::Warn, "This exercise has no hints.");
        } else if self.hints_taken() >= total {
            self.say(
                Role::Warn,
                "That was the last hint. The chapter's page explains the idea in more detail: press b.",
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
            let effects = self.run_prediction();
            if effects.is_empty() {
                self.say_of_quiz("is not graded: press the number of your answer.");
            }
            effects
        }
    }

    fn edit(&mut self) -> Vec<Effect> {
        match self.step() {
            Some(Step::Exercise(exercise)) => vec![Effect::Edit(exercise.name.clone(), Occasion::Asked)],
            _ => {
                self.say_of_quiz("has no file to edit.");
                Vec::new()
            }
        }
    }

    /// Whether the reference solution may be seen: a step that was solved, be it against older hidden tests.
    pub(super) fn may_compare(&self) -> bool {
        let mark = self.progress.record(&self.name()).and_then(|record| record.mark);
        mark == Some(Mark::Solved) && matches!(self.step(), Some(Step::Exercise(_)))
    }

    fn compare(&mut self) -> Vec<Effect> {
        if self.may_compare() {
            return vec![Effect::Read(self.name())];
        }
        match self.step() {
            Some(Step::Exercise(_)) => {
                self.say(
                    Role::Warn,
                    "You can see the solution after you have solved the exercise. h gives a hint.",
                );
            }
            _ => self.say_of_quiz(
                "has no solution to compare with; it explains itself when you have answered it.",
            ),
        }
        Vec::new()
    }

    fn see_it_run(&mut self) -> Vec<Effect> {
        if self.verdict.as_ref().is_some_and(has_timeline) {
            self.page = Page::Timeline;
            self.scroll = 0;
        } else if matches!(self.step(), Some(Step::Quiz(_))) {
            self.say_of_quiz(
                "has nothing to draw here. Where t has something to show, it is among the keys below.",
            );
        } else {
            self.say(
                Role::Warn,
                "Nothing was recorded here. When t has something to show, it is listed among the keys below.",
            );
        }
        Vec::new()
    }

    fn show_task(&mut self) -> Vec<Effect> {
        if matches!(self.step(), Some(Step::Exercise(_))) {
            self.page = Page::Task;
            self.scroll = 0;
        } else {
            self.say_of_quiz("has no other task than its question.");
        }
        Vec::new()
    }

    fn ask_reset(&mut self) -> Vec<Effect> {
        match self.step() {
            Some(Step::Exercise(exercise)) => {
                let text = format!(
                    "Replace {} with the starter? Your text is kept as a backup. Press y for yes, any other key for \
                     no.",
                    exercise.path()
                );
                self.question = Some(Question::Reset);
                self.say(Role::Warn, text);
            }
            _ => self.say_of_quiz("has no file to reset."),
        }
        Vec::new()
    }

    fn answer(&mut self, digit: char) -> Vec<Effect> {
        let Some(Step::Quiz(quiz)) = self.step() else { return self.idle(Key::Char(digit)) };
        let (has_program, name) = (quiz.prediction.is_some(), quiz.name.clone());
        if self.solved() {
            self.say(Role::Good, "It is already answered. Press n for the next step.");
            return Vec::new();
        }
        let order = quiz.order_for(self.progress.learner());
        let shown = digit.to_digit(10).and_then(|digit| (digit as usize).checked_sub(1));
        let Some(&choice) = shown.and_then(|shown| order.get(shown)) else {
            let text = format!("Press a number from 1 to {}.", order.len());
            self.say(Role::Warn, text);
            return Vec::new();
        };
        self.checked = None;
        // What came of it stands at the end.
        self.scroll = usize::MAX;
        // Saved first: an answer counts whether or not the machine can run the program.
        let mut effects = vec![Effect::Save(vec![Change::Answer { name, choice }])];
        if has_program && self.verdict.is_none() && self.run.is_none() {
            effects.extend(self.grade(Why::Arrival));
        }
        effects
    }

    /// Runs the program of a prediction that has been answered; nothing for any other step.
    pub(super) fn run_prediction(&mut self) -> Vec<Effect> {
        match self.step() {
            Some(Step::Quiz(quiz)) if program_to_run(quiz, &self.progress).is_some() => {
                self.grade(Why::Arrival)
            }
            _ => Vec::new(),
        }
    }

    /// Says what a question is not for.
    pub(super) fn say_of_quiz(&mut self, rest: &str) {
        let noun = self.step().map_or("quiz", Step::kind);
        self.say(Role::Warn, format!("A {noun} {rest}"));
    }

    fn stop(&mut self) -> Vec<Effect> {
        let effects = self.cancel();
        if effects.is_empty() {
            return self.idle(Key::Esc);
        }
        if self.outdated {
            // What it says is about another text than the one in the file.
            self.verdict = None;
        }
        let text = match self.step() {
            Some(Step::Quiz(_)) => "Stopped. Press r to run the program again.",
            _ => "Stopped. Save the file, or press r, to grade it again.",
        };
        self.say(Role::Warn, text);
        effects
    }

    fn press_while_checking(&mut self, key: Key) -> Vec<Effect> {
        let done = self.checking().map_or(0, |check| check.done.len());
        let effects = match key {
            Key::Char('q') => return self.quit(),
            Key::Esc => {
                let mut effects = self.cancel();
                // The current step's own grading was stopped for the check: it has its turn again.
                if matches!(self.step(), Some(Step::Exercise(_))) && (self.verdict.is_none() || self.outdated)
                {
                    effects.extend(self.grade(Why::Arrival));
                }
                effects
            }
            _ => {
                self.say(Role::Plain, "Every exercise is being checked. esc stops it; other keys wait.");
                return vec![Effect::Draw];
            }
        };
        let exercises = if done == 1 { "exercise" } else { "exercises" };
        self.say(
            Role::Warn,
            format!("The check was stopped after {done} {exercises}. Its results are kept."),
        );
        [effects, vec![Effect::Draw]].concat()
    }

    /// A page that is only there to be read. What is a key of the step leads there and does what it does there; the key
    /// that opened the page closes it.
    pub(super) fn press_on_page(&mut self, key: Key) -> Vec<Effect> {
        let opened_by = match &self.page {
            Page::Timeline => 't',
            Page::Solution { .. } => 's',
            Page::Task => 'i',
            Page::Book => 'b',
            _ => '?',
        };
        if self.scrolls(key) {
            return vec![Effect::Draw];
        }
        self.notice = None;
        match key {
            Key::Esc | Key::Enter | Key::Backspace | Key::Char('q') => self.leave_page(),
            Key::Char(c) if c == opened_by => self.leave_page(),
            key if is_of_the_step(key) => {
                self.leave_page();
                return self.press_on_step(key);
            }
            key => drop(self.idle(key)),
        }
        vec![Effect::Draw]
    }

    pub(super) fn leave_page(&mut self) {
        self.page = Page::Step;
        self.scroll = 0;
    }

    /// Says that a key does nothing here, so that nobody waits for what it might do.
    pub(super) fn idle(&mut self, key: Key) -> Vec<Effect> {
        let way_on = match self.page {
            Page::Step | Page::Farewell => "? shows all keys.",
            _ => "esc leads back to the step.",
        };
        self.say(Role::Plain, format!("{} does nothing here. {way_on}", name_of(key)));
        Vec::new()
    }

    /// Whether it is a key for scrolling; it has done so then.
    pub(super) fn scrolls(&mut self, key: Key) -> bool {
        if self.settings.plain {
            return false;
        }
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
        if self.page == Page::Program && self.scroll == limit {
            // Who has seen the newest line wants to see the next one too.
            self.scroll = usize::MAX;
        }
        true
    }

    /// A stopped watcher cannot watch the time limits of its tests: the grading starts over afterwards. The learner's
    /// program would run on unseen, and ends.
    fn suspend(&mut self) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.run.iter().map(|run| Effect::Cancel(run.id)).collect();
        effects.extend(self.stop_program());
        effects.push(Effect::Suspend);
        effects
    }

    pub(super) fn resumed(&mut self) -> Vec<Effect> {
        let mut effects = self.restart();
        effects.push(Effect::Redraw);
        effects
    }
}

/// Whether a key does something on a step.
pub(super) fn is_of_the_step(key: Key) -> bool {
    let Key::Char(c) = key else { return false };
    c.is_ascii_digit() || "?lcnhirpestxb".contains(c)
}

/// Whether a key does nothing but move what is read.
fn is_for_scrolling(key: Key) -> bool {
    use Key::{Char, Down, End, Home, Left, PageDown, PageUp, Right, Up};
    matches!(key, Up | Down | Left | Right | PageUp | PageDown | Home | End | Char('j' | 'k' | ' '))
}

/// What a key is called.
fn name_of(key: Key) -> String {
    match key {
        Key::Char(c) => c.to_string(),
        Key::Enter => "enter".to_owned(),
        Key::Esc => "esc".to_owned(),
        Key::Backspace => "backspace".to_owned(),
        other => format!("{other:?}"),
    }
}
