//! Saves as editors make them, on a real disk; and the waiting, on a clock that tests turn.
//!
//! A test writes everything first and listens then, so that a slow machine changes nothing: whatever the events are,
//! they are about a file that is already as it will be.

use std::fs::{self, File, OpenOptions};
use std::io::Write;

use tempfile::TempDir;
use tokio::time::{advance, timeout};

use super::*;

/// Longer than any machine takes to tell of a save; a right run never waits for it.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long to listen for a save that must not come.
const SILENCE: Duration = Duration::from_millis(400);

struct Desk {
    folder: TempDir,
    path: PathBuf,
    files: Files,
}

impl Desk {
    fn new(poll: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("first.rs");
        fs::write(&path, "old").unwrap();
        let mut files = Files::new(poll);
        assert_eq!(files.watch(Some(&path)), None);
        Self { folder, path, files }
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn one_save(&mut self, text: &str) {
        let save = timeout(PATIENCE, self.files.next()).await.expect("the save is noticed");
        assert_eq!(save, Save::Changed);
        assert_eq!(fs::read_to_string(&self.path).unwrap(), text);
        self.silence().await;
    }

    async fn silence(&mut self) {
        let more = timeout(SILENCE, self.files.next()).await;
        assert!(more.is_err(), "{more:?}");
    }
}

#[tokio::test]
async fn where_the_system_tells_nothing_that_is_said_once_and_saves_are_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("first.rs");
    fs::write(&path, "old").unwrap();
    let mut files = Files::with(Err(notify::Error::new(notify::ErrorKind::MaxFilesWatch)));
    assert_eq!(files.watch(None), None, "nothing is watched yet");
    let warning = files.watch(Some(&path)).expect("it is said");
    assert!(warning.contains("max_user_watches") && warning.contains("sysctl"), "{warning}");
    assert_eq!(files.watch(Some(&path)), None);
    fs::write(&path, "new").unwrap();
    assert_eq!(timeout(PATIENCE, files.next()).await, Ok(Save::Changed));
}

#[tokio::test]
async fn a_write_in_place() {
    let mut desk = Desk::new(false);
    fs::write(&desk.path, "new").unwrap();
    desk.one_save("new").await;
}

#[tokio::test]
async fn a_new_file_renamed_over_the_old_one() {
    let mut desk = Desk::new(false);
    let temporary = desk.beside(".first.rs.tmp");
    fs::write(&temporary, "new").unwrap();
    fs::rename(&temporary, &desk.path).unwrap();
    desk.one_save("new").await;
}

#[tokio::test]
async fn the_old_file_renamed_away_and_a_new_one_written() {
    let mut desk = Desk::new(false);
    let backup = desk.beside("first.rs~");
    fs::rename(&desk.path, &backup).unwrap();
    fs::write(&desk.path, "new").unwrap();
    fs::remove_file(&backup).unwrap();
    desk.one_save("new").await;
}

#[tokio::test]
async fn truncated_then_written_in_two_parts() {
    let mut desk = Desk::new(false);
    let mut file = File::create(&desk.path).unwrap();
    file.write_all(b"ne").unwrap();
    file.sync_all().unwrap();
    file.write_all(b"w").unwrap();
    drop(file);
    desk.one_save("new").await;
}

#[tokio::test]
async fn many_events_are_one_save() {
    let mut desk = Desk::new(false);
    for part in 0..20 {
        let mut file = OpenOptions::new().append(true).open(&desk.path).unwrap();
        write!(file, " {part}").unwrap();
    }
    let text = fs::read_to_string(&desk.path).unwrap();
    desk.one_save(&text).await;
}

#[tokio::test]
async fn the_same_text_saved_again_is_a_save() {
    let mut desk = Desk::new(false);
    let later = SystemTime::now() + Duration::from_secs(10);
    File::options().write(true).open(&desk.path).unwrap().set_modified(later).unwrap();
    desk.one_save("old").await;
}

#[tokio::test]
async fn one_save_after_another() {
    let mut desk = Desk::new(false);
    for text in ["one", "two, longer", "3"] {
        fs::write(&desk.path, text).unwrap();
        desk.one_save(text).await;
    }
}

#[tokio::test]
async fn what_happens_to_other_files_is_no_save() {
    let mut desk = Desk::new(false);
    fs::write(desk.beside("second.rs"), "new").unwrap();
    fs::write(desk.beside(".first.rs.swp"), "new").unwrap();
    fs::read_to_string(&desk.path).unwrap();
    desk.silence().await;
}

#[tokio::test]
async fn a_file_that_stays_away_is_missing_and_its_return_is_a_save() {
    let mut desk = Desk::new(false);
    fs::remove_file(&desk.path).unwrap();
    assert_eq!(timeout(PATIENCE, desk.files.next()).await, Ok(Save::Missing));
    desk.silence().await;
    fs::write(&desk.path, "back").unwrap();
    desk.one_save("back").await;
}

#[tokio::test]
async fn another_file_is_followed_and_the_old_one_left() {
    let mut desk = Desk::new(false);
    let folder = desk.beside("next");
    fs::create_dir(&folder).unwrap();
    let old = std::mem::replace(&mut desk.path, folder.join("second.rs"));
    fs::write(&desk.path, "old").unwrap();
    assert_eq!(desk.files.watch(Some(&desk.path)), None);
    fs::write(&old, "nobody looks").unwrap();
    desk.silence().await;
    fs::write(&desk.path, "new").unwrap();
    desk.one_save("new").await;
    assert_eq!(desk.files.watch(None), None);
    fs::write(&desk.path, "newer").unwrap();
    desk.silence().await;
}

#[tokio::test]
async fn what_was_saved_before_does_not_count() {
    let mut desk = Desk::new(false);
    fs::write(&desk.path, "put back by a reset").unwrap();
    assert_eq!(desk.files.watch(Some(&desk.path)), None);
    desk.silence().await;
}

#[tokio::test]
async fn a_future_that_is_dropped_loses_nothing() {
    let mut desk = Desk::new(false);
    fs::write(&desk.path, "new").unwrap();
    // As in a loop whose other branches are always faster.
    let until = Instant::now() + PATIENCE;
    while timeout(Duration::from_millis(2), desk.files.next()).await != Ok(Save::Changed) {
        assert!(Instant::now() < until, "the save is noticed");
    }
    desk.silence().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_watched_is_looked_at_instead() {
    let mut files = Files::new(false);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not there yet/first.rs");
    let warning = files.watch(Some(&path)).expect("a folder that is not there cannot be watched");
    assert!(warning.contains("twice a second"), "{warning}");
    fs::create_dir(path.parent().unwrap()).unwrap();
    fs::write(&path, "new").unwrap();
    assert_eq!(timeout(PATIENCE, files.next()).await, Ok(Save::Changed));
}

#[tokio::test(start_paused = true)]
async fn polling_waits_until_the_text_stays_as_it_is() {
    let mut desk = Desk::new(true);
    let start = Instant::now();
    fs::write(&desk.path, "half").unwrap();
    {
        let next = desk.files.next();
        tokio::pin!(next);
        assert!(timeout(POLL + QUIET / 2, &mut next).await.is_err());
    }
    fs::write(&desk.path, "half and the other half").unwrap();
    assert_eq!(desk.files.next().await, Save::Changed);
    assert!(start.elapsed() >= POLL + QUIET, "{:?}", start.elapsed());
    assert!(start.elapsed() <= POLL + 3 * QUIET, "{:?}", start.elapsed());
    assert!(timeout(10 * POLL, desk.files.next()).await.is_err());
}

/// A target alone, so that no watcher's thread interferes with the clock.
fn target() -> (TempDir, Target) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("first.rs");
    fs::write(&path, "old").unwrap();
    let seen = Stamp::of(&path);
    (folder, Target { path, seen, due: None, glimpse: None, away: None })
}

fn news(finished: bool) -> News {
    News { names: vec!["first.rs".into()], finished }
}

#[tokio::test(start_paused = true)]
async fn each_event_starts_the_waiting_over_and_the_end_of_a_save_shortens_it() {
    let (_folder, mut target) = target();
    let start = Instant::now();
    target.note(&news(false));
    assert_eq!(target.due, Some(start + QUIET));
    advance(QUIET / 2).await;
    target.note(&news(false));
    assert_eq!(target.due, Some(start + QUIET / 2 + QUIET));
    target.note(&news(true));
    assert_eq!(target.due, Some(start + QUIET / 2 + FINISHED));
    target.due = None;
    target.note(&News { names: vec!["other.rs".into()], finished: true });
    assert_eq!(target.due, None);
    target.note(&News { names: Vec::new(), finished: false });
    assert!(target.due.is_some(), "lost events may have been about any file");
}

#[tokio::test(start_paused = true)]
async fn a_file_may_be_away_for_a_moment() {
    let (_folder, mut target) = target();
    fs::remove_file(&target.path).unwrap();
    target.note(&news(false));
    advance(QUIET).await;
    assert_eq!(target.look(), None);
    advance(AWAY / 2).await;
    fs::write(&target.path, "new").unwrap();
    assert_eq!(target.look(), Some(Save::Changed));

    fs::remove_file(&target.path).unwrap();
    assert_eq!(target.look(), None);
    advance(AWAY).await;
    assert_eq!(target.look(), Some(Save::Missing));
    assert_eq!(target.look(), None, "said once");
}
