//! What the keys are called and what they do, for the line of keys and the page of keys.

use crate::screen::KeyHelp;

pub(super) const NEXT: KeyHelp = key("n", "next", "go to the next step");
pub(super) const SKIP: KeyHelp = key("n", "skip", "go on; press it twice to skip an unsolved step for now");
pub(super) const ANSWER: KeyHelp = key("1-9", "answer", "answer a quiz");
pub(super) const HINT: KeyHelp = key("h", "hint", "show a hint; press it again for the next one");
pub(super) const TASK: KeyHelp = key("i", "task", "what to do, and the starter");
pub(super) const BOOK: KeyHelp = key("b", "book", "the page about this chapter: how it works, with diagrams");
pub(super) const LIST: KeyHelp = key("l", "list", "show all steps; Enter goes to one of them");
pub(super) const AGAIN: KeyHelp = key("r", "run again", "grade the file again");
pub(super) const TIMELINE: KeyHelp =
    key("t", "see it run", "draw what was polled, woken and dropped when (some exercises)");
pub(super) const CHECK: KeyHelp =
    key("c", "check all", "grade every exercise, then go to the first one that is not solved");
pub(super) const EDIT: KeyHelp =
    key("e", "edit", "open the file in your editor: --edit, or VISUAL, or EDITOR");
pub(super) const SOLUTION: KeyHelp =
    key("s", "solution", "once it is solved: your file next to the reference solution");
pub(super) const PLAY: KeyHelp =
    key("p", "run program", "run your file as a program and show what it prints; esc or Ctrl-C stops it");
pub(super) const STOP_PROGRAM: KeyHelp = key("esc", "stop", "stop the program");
pub(super) const INTERRUPT: KeyHelp = key("Ctrl-C", "interrupt", "interrupt the program");
pub(super) const PLAY_AGAIN: KeyHelp = key("p", "run again", "run the program again");
pub(super) const RESET: KeyHelp = key("x", "reset", "put the starter back; your text is kept as a backup");
pub(super) const STOP: KeyHelp = key("esc", "stop", "stop the current grading");
pub(super) const REVIEWS: KeyHelp =
    key("v", "reviews", "turn reminders of reviews off, or on again (`tokiolings review`)");
pub(super) const BEGIN: KeyHelp = key("enter", "begin", "go to the first step");
pub(super) const GO_ON_HERE: KeyHelp = key("enter", "go on", "go on to the next step");
pub(super) const GO_ON: KeyHelp = key("enter", "go on", "go to the step");
pub(super) const TO_STEP: KeyHelp = key("enter", "to the step", "go to the step");
pub(super) const BACK: KeyHelp = key("esc", "back", "back to the step");
pub(super) const MOVE: KeyHelp = key("↑ ↓", "move", "choose a step");
pub(super) const SEARCH: KeyHelp =
    key("/", "search", "in the list: show only names that contain what you type");
pub(super) const STATES: KeyHelp =
    key("f", "filter", "in the list: all, not solved, solved, skipped, to check again");
pub(super) const CORE: KeyHelp = key("o", "core path", "in the list: only the core path, or everything");
pub(super) const EVERYTHING: KeyHelp = key("o", "everything", CORE.long);
pub(super) const CLEAR: KeyHelp = key("esc", "show all", "show all steps again");
pub(super) const GO: KeyHelp = key("enter", "go there", "go to the step under the cursor");
pub(super) const SCROLL: KeyHelp = key("↑ ↓ PgUp PgDn", "scroll", "scroll (also j and k, Home and End)");
pub(super) const SIDEWAYS: KeyHelp =
    key("← →", "sideways", "in the book: move diagrams that are wider than the screen");
pub(super) const KEYS: KeyHelp = key("?", "keys", "this page");
pub(super) const QUIT: KeyHelp =
    key("q", "quit", "leave (also Ctrl-C, except on a program's page); everything is saved");

/// [`ANSWER`] for a quiz of so many choices.
pub(super) const fn answer(choices: usize) -> KeyHelp {
    let key = match choices {
        2 => "1-2",
        3 => "1-3",
        4 => "1-4",
        5 => "1-5",
        6 => "1-6",
        _ => ANSWER.key,
    };
    KeyHelp { key, ..ANSWER }
}

/// The page of keys.
pub(super) const ALL: [KeyHelp; 23] = [
    SKIP,
    ANSWER,
    HINT,
    TASK,
    BOOK,
    LIST,
    SEARCH,
    STATES,
    CORE,
    AGAIN,
    TIMELINE,
    PLAY,
    EDIT,
    SOLUTION,
    CHECK,
    RESET,
    REVIEWS,
    STOP,
    SCROLL,
    SIDEWAYS,
    KEYS,
    key("Ctrl-Z", "suspend", "back to the shell; `fg` returns"),
    QUIT,
];

/// The page of keys where there is no screen: nothing to scroll, and Ctrl-Z is the terminal's.
pub(super) const TYPED: [KeyHelp; 19] = [
    SKIP, ANSWER, HINT, TASK, BOOK, LIST, SEARCH, STATES, CORE, AGAIN, TIMELINE, PLAY, EDIT, SOLUTION, CHECK,
    RESET, STOP, KEYS, QUIT,
];

const fn key(key: &'static str, short: &'static str, long: &'static str) -> KeyHelp {
    KeyHelp { key, short, long }
}
