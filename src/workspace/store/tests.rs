//! Saves cut short at every step, files cut off at every byte, updates at the same time.

use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::workspace::fixture::now;

/// A store in a folder of its own, and progress of three ages.
fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::in_folder(folder.path().to_path_buf());
    (folder, store)
}

fn age(age: u32) -> Progress {
    let mut progress = Progress::new("seed".into());
    for _ in 0..age {
        progress.record_attempt("first");
    }
    progress.record_solved("first", "source", "hidden", now());
    progress
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What a test does to a store before the save that is cut short.
type Damage = fn(&Store);

/// The states that a save may start from, all with age 1 in the backup and age 2 last; and which age loads.
const STARTS: [(&str, Damage, u32); 5] = [
    ("whole", |_| {}, 2),
    ("no backup", |store| fs::remove_file(store.path(BACKUP)).unwrap(), 2),
    ("no main", |store| fs::remove_file(store.path(MAIN)).unwrap(), 1),
    ("empty main", |store| fs::write(store.path(MAIN), "").unwrap(), 1),
    ("garbled main", |store| fs::write(store.path(MAIN), "\0\0\0").unwrap(), 1),
];

fn start(damage: Damage) -> (TempDir, Store) {
    let (folder, store) = store();
    store.save(&age(1)).unwrap();
    store.save(&age(2)).unwrap();
    damage(&store);
    (folder, store)
}

fn cut_short(store: &Store, progress: &Progress, after: usize) {
    let text = wire::write(progress);
    SAVE[..after].iter().for_each(|step| step(store, &text).unwrap());
}

#[test]
fn a_save_cut_short_leaves_the_old_state_or_the_new_and_the_next_one_works() {
    for (what, damage, old) in STARTS {
        for after in 0..=SAVE.len() {
            let (_folder, store) = start(damage);
            cut_short(&store, &age(3), after);
            let put = SAVE.len() - 2;
            let expected = if after > put { 3 } else { old };
            assert_eq!(store.load().unwrap().progress, age(expected), "{what}, {after} steps");

            // And again from there, cut short or not.
            for again in 0..=SAVE.len() {
                cut_short(&store, &age(4), again);
                let expected = if again > put { 4 } else { expected };
                assert_eq!(
                    store.load().unwrap().progress,
                    age(expected),
                    "{what}, {after} steps, {again} steps"
                );
                if again > put {
                    break;
                }
            }
            store.save(&age(5)).unwrap();
            assert_eq!(store.load().unwrap(), Loaded { progress: age(5), recovered: None });
        }
    }
}

#[test]
fn a_new_file_cut_off_while_it_is_written_does_not_count() {
    let (_folder, store) = start(|_| {});
    let text = wire::write(&age(3));
    for length in 0..text.len() {
        fs::write(store.path(NEW), &text[..length]).unwrap();
        assert_eq!(store.load().unwrap(), Loaded { progress: age(2), recovered: None });
    }
    store.save(&age(3)).unwrap();
    assert_eq!(store.load().unwrap().progress, age(3));
}

#[test]
fn at_no_step_are_both_files_less_than_whole() {
    for (what, damage, _) in STARTS {
        for after in 0..=SAVE.len() {
            let (_folder, store) = start(damage);
            cut_short(&store, &age(3), after);
            let good = |name| matches!(store.find(name), Ok(Found::Good(_)));
            assert!(good(MAIN) || good(BACKUP), "{what}, {after} steps");
        }
    }
}

#[test]
fn a_save_leaves_nothing_under_way_behind() {
    let (folder, store) = start(|_| {});
    for after in 0..SAVE.len() {
        cut_short(&store, &age(3), after);
        store.save(&age(4)).unwrap();
        assert_eq!(names(folder.path()), [MAIN, BACKUP]);
    }
}

#[test]
fn the_backup_is_the_state_before() {
    let (_folder, store) = start(|_| {});
    fs::remove_file(store.path(MAIN)).unwrap();
    let loaded = store.load().unwrap();
    assert_eq!(loaded.progress, age(1));
    assert!(loaded.recovered.unwrap().contains("progress.toml is missing"));
}

#[test]
fn cut_off_at_any_byte_it_is_recovered_and_said_so() {
    let (_folder, store) = start(|_| {});
    let whole = fs::read(store.path(MAIN)).unwrap();
    for length in 0..whole.len() - 1 {
        fs::write(store.path(MAIN), &whole[..length]).unwrap();
        let loaded = store.load().unwrap();
        assert_eq!(loaded.progress, age(1), "cut off at {length}");
        assert!(loaded.recovered.is_some());
    }
}

#[test]
fn cut_off_at_any_byte_without_a_backup_it_is_an_error_and_stays() {
    let (folder, store) = start(|store| fs::remove_file(store.path(BACKUP)).unwrap());
    let whole = fs::read(store.path(MAIN)).unwrap();
    for length in 0..whole.len() - 1 {
        fs::write(store.path(MAIN), &whole[..length]).unwrap();
        let error = store.update(|_| ()).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "cut off at {length}: {error}");
        assert_eq!(fs::read(store.path(MAIN)).unwrap(), &whole[..length]);
    }
    assert_eq!(names(folder.path()), ["lock", MAIN]);
}

#[test]
fn when_both_are_bad_the_error_names_both_and_the_next_step_and_both_stay() {
    let (_folder, store) = start(|_| {});
    fs::write(store.path(MAIN), "garbage").unwrap();
    fs::write(store.path(BACKUP), "").unwrap();
    let error = store.load().unwrap_err().to_string();
    for part in ["progress.toml is cut off", "progress.toml.bak is empty", "tokiolings init"] {
        assert!(error.contains(part), "{error}");
    }
    store.update(|_| ()).unwrap_err();
    assert!(!store.create(&age(9)).unwrap());
    assert_eq!(fs::read(store.path(MAIN)).unwrap(), b"garbage");
    assert_eq!(fs::read(store.path(BACKUP)).unwrap(), b"");
}

#[test]
fn an_update_after_damage_keeps_the_damaged_file_aside_and_the_backup_whole() {
    let (folder, store) = start(|_| {});
    for _ in 0..2 {
        fs::write(store.path(MAIN), "garbage").unwrap();
        let updated = store.update(|progress| progress.record_attempt("second")).unwrap();
        assert!(updated.recovered.is_some());
        assert_eq!(store.load().unwrap(), Loaded { progress: updated.progress, recovered: None });
        assert!(matches!(store.find(BACKUP).unwrap(), Found::Good(progress) if progress == age(1)));
    }
    let aside: Vec<_> = names(folder.path()).into_iter().filter(|name| name.contains(".damaged-")).collect();
    assert_eq!(aside.len(), 2, "{aside:?}");
    for name in aside {
        assert_eq!(fs::read(store.path(&name)).unwrap(), b"garbage");
    }
}

#[test]
fn a_recovery_is_saved_even_if_nothing_else_changes() {
    let (_folder, store) = start(|store| fs::remove_file(store.path(MAIN)).unwrap());
    assert!(store.update(|_| ()).unwrap().recovered.is_some());
    assert_eq!(store.load().unwrap(), Loaded { progress: age(1), recovered: None });
}

#[test]
fn an_update_that_changes_nothing_writes_nothing() {
    let (_folder, store) = start(|_| {});
    store.update(|_| ()).unwrap();
    assert!(matches!(store.find(BACKUP).unwrap(), Found::Good(progress) if progress == age(1)));
}

#[test]
fn a_newer_schema_is_never_read_as_damage() {
    let newer = "schema = 7\n";
    let (_folder, store) = start(|_| {});
    fs::write(store.path(MAIN), newer).unwrap();
    for error in [store.load().unwrap_err(), store.update(|_| ()).unwrap_err()] {
        assert!(matches!(error, Error::Newer { found: 7, known: 1, .. }), "{error}");
    }
    assert_eq!(fs::read_to_string(store.path(MAIN)).unwrap(), newer);

    fs::write(store.path(BACKUP), newer).unwrap();
    fs::remove_file(store.path(MAIN)).unwrap();
    assert!(matches!(store.load(), Err(Error::Newer { .. })));
}

#[test]
fn a_file_out_of_reach_is_an_error_not_a_reason_to_go_back() {
    let (_folder, store) = start(|store| {
        fs::remove_file(store.path(MAIN)).unwrap();
        fs::create_dir(store.path(MAIN)).unwrap();
    });
    let error = store.load().unwrap_err();
    assert!(error.to_string().contains("progress.toml: it is not an ordinary file"), "{error}");
}

#[cfg(unix)]
#[test]
fn what_somebody_put_in_its_place_is_neither_waited_for_nor_followed_nor_read_whole() {
    use std::os::unix::fs::symlink;

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    type Place = fn(&Path);
    let placed: [(Place, &str); 3] = [
        (|path| mknodat(CWD, path, FileType::Fifo, Mode::RUSR, 0).unwrap(), "is not an ordinary file"),
        (|path| symlink("/dev/zero", path).unwrap(), "is a symbolic link, which is not followed"),
        (|path| fs::File::create(path).unwrap().set_len(3 << 30).unwrap(), "is larger than 1048576 bytes"),
    ];
    for (place, says) in placed {
        let (_folder, store) = start(|store| fs::remove_file(store.path(MAIN)).unwrap());
        place(&store.path(MAIN));
        let error = store.load().unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn create_leaves_what_is_there() {
    let (_folder, store) = store();
    assert!(store.create(&age(1)).unwrap());
    assert!(!store.create(&age(2)).unwrap());
    assert_eq!(store.load().unwrap().progress, age(1));
    fs::rename(store.path(MAIN), store.path(BACKUP)).unwrap();
    assert!(!store.create(&age(2)).unwrap());
}

#[test]
fn updates_at_the_same_time_are_all_there_and_readers_always_see_a_whole_file() {
    let (_folder, store) = store();
    store.create(&Progress::new("seed".into())).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for _ in 0..10 {
                    store.update(|progress| progress.record_attempt(&format!("step {writer}"))).unwrap();
                    store.update(|progress| progress.record_attempt("shared")).unwrap();
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..200 {
                assert_eq!(store.load().unwrap().recovered, None);
            }
        });
    });
    let progress = store.load().unwrap().progress;
    assert_eq!(progress.record("shared").unwrap().attempts, 40);
    assert!((0..4).all(|writer| progress.record(&format!("step {writer}")).unwrap().attempts == 10));
}
