//! Hidden tests of `move_into_task`: who sees the album, how many copies of it are made, and what is left of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use exercise::publish;
use testkit::{InFlight, Log, panic_of, pick, settle, stage, vt};

/// Every subscriber sees the whole album, all at the same time, and the photos are counted.
#[test]
fn every_subscriber_sees_the_album() {
    // The album of another size shows an answer that makes its number up; the slow one among the subscribers, an answer
    // that waits for some of them.
    for (photos, subscribers, slow) in [(4, 3, 0), (pick(5..=50), 5, 4), (2, 3, 1)] {
        let photos = usize::try_from(photos).expect("it was picked small enough");
        let seen = watch(photos, subscribers, slow);
        let whole: Vec<usize> = (1..=photos).collect();
        let whole = seen.shown.count(&format!("{whole:?}"));
        assert!(
            whole == subscribers,
            "{whole} of {subscribers} subscribers had seen the album of {photos} photos when `publish` returned."
        );
        assert!(
            seen.count == photos,
            "The album has {photos} photos, and `publish` returned {}. Whoever spawns a task can go on using what \
             both of them own.",
            seen.count
        );
        assert!(
            seen.most_at_once == subscribers,
            "At most {} of {subscribers} subscribers were looking at the album at the same time. Each of them has a \
             task of its own, so none has to wait for another.",
            seen.most_at_once
        );
    }
}

/// All tasks look at the same album: nobody copies it.
#[test]
fn nobody_copies_the_album() {
    let (photos, subscribers) = (4, 3);
    let seen = watch(photos, subscribers, 0);
    let copies = seen.cloned.div_ceil(photos);
    assert!(
        copies == 0,
        "Copied {copies} times; share it. An owner for each task does not mean an album for each task."
    );
}

/// When `publish` is done, the album is gone from memory.
#[test]
fn the_album_is_freed() {
    let seen = watch(4, 3, 0);
    let all = 4 + seen.cloned;
    assert!(
        seen.dropped == all,
        "Leaked: the data must be freed when the last task ends (drop count {}, of {all} photos). `'static` asks for \
         a task that owns what it uses. It does not ask for data that live for ever.",
        seen.dropped
    );
}

/// What a run of `publish` came to.
struct Seen {
    count: usize,
    /// What each subscriber saw.
    shown: Log,
    most_at_once: usize,
    /// Photos that were cloned until all was over.
    cloned: usize,
    /// Photos that were dropped until all was over.
    dropped: usize,
}

/// Has an album published for so many subscribers, of which the one with the number `slow` takes longer.
fn watch(photos: usize, subscribers: usize, slow: usize) -> Seen {
    let (cloned, dropped) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (shown, at_work) = (Log::new(), InFlight::new());
    let album = (1..=photos)
        .map(|number| Photo { number, cloned: cloned.clone(), dropped: dropped.clone() })
        .collect();
    let viewers = (0..subscribers)
        .map(|number| Viewer {
            looks: Duration::from_secs(if number == slow { 7200 } else { 3600 }),
            shown: shown.clone(),
            at_work: at_work.clone(),
        })
        .collect();
    stage("`publish` has been called");
    let run = panic_of(|| {
        vt(async {
            let count = publish(album, viewers).await;
            let shown_in_time = Log::new();
            shown.events().into_iter().for_each(|event| shown_in_time.push(event));
            settle().await;
            (count, shown_in_time)
        })
    });
    match run {
        Ok(((count, shown), _)) => Seen {
            count,
            shown,
            most_at_once: at_work.max(),
            cloned: cloned.load(Ordering::SeqCst),
            dropped: dropped.load(Ordering::SeqCst),
        },
        Err(text) if text.contains("from within a runtime") || text.contains("can call blocking only") => {
            panic!(
                "You started a second engine inside the first one: `publish` is being carried out by an engine already, \
             and a task is spawned onto it."
            )
        }
        Err(text) => panic!("`publish` panicked before it was done: {text}"),
    }
}

/// A photo that counts its copies and its ends.
struct Photo {
    number: usize,
    cloned: Arc<AtomicUsize>,
    dropped: Arc<AtomicUsize>,
}

impl Clone for Photo {
    fn clone(&self) -> Self {
        self.cloned.fetch_add(1, Ordering::SeqCst);
        Self { number: self.number, cloned: self.cloned.clone(), dropped: self.dropped.clone() }
    }
}

impl Drop for Photo {
    fn drop(&mut self) {
        self.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

/// Looks at the album for an hour or two, then tells what is in it.
struct Viewer {
    looks: Duration,
    shown: Log,
    at_work: InFlight,
}

impl exercise::Subscriber<Photo> for Viewer {
    async fn show(&self, album: &[Photo]) {
        let _looking = self.at_work.enter();
        tokio::time::sleep(self.looks).await;
        let numbers: Vec<usize> = album.iter().map(|photo| photo.number).collect();
        self.shown.push(format!("{numbers:?}"));
    }
}
