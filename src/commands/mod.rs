//! One file a command, each a few lines of glue.

mod answer;
mod apart;
mod author;
mod author_mutate;
mod book;
mod check;
mod cohort;
mod console;
mod context;
mod dispatch;
mod drive;
mod exit;
mod grade;
mod hint;
mod init;
mod list;
mod manual;
mod next;
mod progress;
mod report;
mod reset;
mod review;
mod run;
mod solution;
mod version;
mod watch;

pub use dispatch::{explain, run};
