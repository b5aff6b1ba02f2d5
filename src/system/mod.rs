//! What differs from one operating system to the next, a room for each matter.
//!
//! A room is a folder. Its `mod.rs` says what is asked of a system and picks the file that answers: `linux.rs`, `unix.rs` (Linux and
//! macOS alike), `windows.rs`, `macos.rs`, or `elsewhere.rs` for all that have no file of their own. The files of one room have the
//! same functions, and no other file of the program names a system; `tests/house.rs` holds that.
//!
//! - [`pipe`]: what children print, and the two ends of a hidden test's channel.
//! - [`family`]: a child and all that it starts, begun and ended as one.
//! - [`orphans`]: processes that left their family.
//! - [`look`]: what the threads of a family do.
//! - [`waits`]: whether the clock will wake a thread that sleeps.
//! - [`crowd`]: how many threads want the cores.
//! - [`files`]: modes, links, and what makes a rename last.
//! - [`folder`]: other people's folders, read without following a link out of them.
//! - [`terminal`]: whose turn on the terminal it is.
//! - [`signals`]: who asks this program to stop.
//! - [`shell`]: command lines of the learner's, and paths that they copy.
//! - [`limits`]: what the system allows this program, and what to type when that is too little.
//! - [`compiler`]: what programs need to find their libraries and their linker.
//! - [`paths`]: paths as programs and people get them.

pub(crate) mod compiler;
pub(crate) mod crowd;
pub(crate) mod family;
pub(crate) mod files;
pub(crate) mod folder;
pub(crate) mod limits;
pub(crate) mod look;
pub(crate) mod orphans;
pub(crate) mod paths;
pub(crate) mod pipe;
pub(crate) mod shell;
pub(crate) mod signals;
pub(crate) mod terminal;
pub(crate) mod waits;
