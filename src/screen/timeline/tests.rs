use super::*;
use crate::screen::colour::{Colour, paint_all};
use crate::screen::tests::{plain, sample, snapshot};
use crate::verdict::What;

/// A recording from lines like `30 pay wake`; lanes are in the order of `lanes`.
pub(crate) fn recorded(lanes: &[&str], events: &str) -> Timeline {
    let mut timeline = Timeline::default();
    for lane in lanes {
        timeline.add_lane(lane);
    }
    for event in events.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<&str> = event.trim().splitn(4, ' ').collect();
        let lane = lanes.iter().position(|lane| *lane == words[1]).unwrap();
        let what = What::named(words[2], words.get(3).unwrap_or(&"")).unwrap();
        timeline.add(lane, words[0].parse::<u64>().unwrap() * 1000, what);
    }
    timeline
}

pub(crate) fn in_a_row() -> Timeline {
    recorded(
        &["pay", "audit", "charge"],
        "0 pay poll\n0 audit poll\n0 audit pending\n0 pay pending
         30 audit wake\n30 pay wake\n30 pay poll\n30 audit poll\n30 audit ready\n30 audit drop
         30 charge poll\n30 charge pending\n30 pay pending
         50 charge wake\n50 pay wake\n50 pay poll\n50 charge poll\n50 charge ready\n50 charge drop
         50 pay ready\n50 pay drop",
    )
}

fn joined() -> Timeline {
    recorded(
        &["pay", "audit", "charge"],
        "0 pay poll\n0 audit poll\n0 audit pending\n0 charge poll\n0 charge pending\n0 pay pending
         20 charge wake\n20 pay wake\n20 pay poll\n20 audit poll\n20 audit pending\n20 charge poll\n20 charge ready
         20 pay pending
         30 audit wake\n30 pay wake\n30 pay poll\n30 audit poll\n30 audit ready
         30 audit drop\n30 charge drop\n30 pay ready\n30 pay drop",
    )
}

fn cancelled() -> Timeline {
    recorded(&["race", "mirror 1", "mirror 2"], "0 race mark both are asked\n0 race poll\n0 race pending")
        .also("mirror 1", "0 poll|0 pending")
        .also("mirror 2", "0 poll|0 pending|7 wake")
        .also("race", "7 wake|7 poll")
        .also("mirror 2", "7 poll|7 ready")
        .also("race", "7 ready")
        .also("mirror 1", "7 drop")
        .also("mirror 2", "7 drop")
        .also("race", "7 drop|7 mark the answer is there")
}

trait Also {
    fn also(self, lane: &str, events: &str) -> Self;
}

impl Also for Timeline {
    fn also(mut self, lane: &str, events: &str) -> Self {
        let lane = self.lanes().iter().position(|name| name == lane).unwrap();
        for event in events.split('|') {
            let words: Vec<&str> = event.splitn(3, ' ').collect();
            let what = What::named(words[1], words.get(2).unwrap_or(&"")).unwrap();
            self.add(lane, words[0].parse::<u64>().unwrap() * 1000, what);
        }
        self
    }
}

fn lost_wake() -> Timeline {
    recorded(
        &["mailbox", "reader", "writer"],
        "0 reader poll\n0 reader pending\n12000 writer poll\n12000 writer ready\n12000 writer drop",
    )
}

fn spinning() -> Timeline {
    let mut timeline = recorded(&["waits", "beats"], "0 beats poll\n0 beats pending");
    for _ in 0..166 {
        timeline = timeline.also("waits", "0 poll|0 wake|0 pending");
    }
    timeline.stop();
    timeline
}

const WIDTHS: [usize; 3] = [40, 80, 160];

fn show(name: &str, timeline: &Timeline) {
    let (mut bare, mut coloured) = (String::new(), String::new());
    for width in WIDTHS {
        let lines = drawing(timeline, FEW, width);
        assert!(lines.iter().all(|line| line.width() <= width), "{}", plain(&lines));
        bare.push_str(&format!("{width} columns\n\n{}\n", plain(&lines)));
        let painted = paint_all(&lines, Colour::On).replace('\u{1b}', "␛");
        coloured.push_str(&format!("{width} columns\n\n{painted}\n"));
    }
    snapshot(&format!("timeline_{name}"), &bare);
    snapshot(&format!("timeline_{name}_coloured"), &coloured);
}

#[test]
fn long_times_are_written_as_people_say_them() {
    // What comes last has no room for its time.
    let words = |last: u64| {
        let end = last + last / 2;
        let events = format!(
            "0 waits poll\n1500 waits wake\n90000 waits poll\n{last} waits wake\n{end} waits poll\n{end} waits ready"
        );
        let axis =
            plain(&drawing(&recorded(&["waits"], &events), FEW, 80)).lines().next().unwrap().to_owned();
        axis.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(words(43_200_000), ["0", "1s", "1m30s", "12h"]);
    assert_eq!(words(5_400_000), ["0", "1s", "1m30s", "1h30m"]);
    assert_eq!(words(2_000_000), ["s", "0", "1.5", "90", "2000"]);
}

#[test]
fn two_awaits_in_a_row() {
    show("in_a_row", &in_a_row());
}

#[test]
fn two_in_a_join() {
    show("joined", &joined());
}

#[test]
fn a_race_drops_the_loser() {
    show("cancelled", &cancelled());
}

#[test]
fn a_lost_wake() {
    show("lost_wake", &lost_wake());
}

#[test]
fn a_poll_that_keeps_the_thread() {
    show("stuck", &recorded(&["sleeps", "waits"], "0 waits poll\n0 waits pending\n0 sleeps poll"));
}

#[test]
fn many_polls() {
    show("spinning", &spinning());
}

#[test]
fn a_failed_test_shows_it_below_its_message_and_a_passed_one_does_not() {
    let mut verdict = sample::failed();
    verdict.tests[0].timeline = Some(in_a_row());
    verdict.tests[1].timeline = Some(joined());
    let lines = crate::screen::verdict(&verdict, &sample::exercise(), 80);
    snapshot("timeline_below_message_80", &plain(&lines[..16]));
    // The third test has not passed either, and has the same recording.
    verdict.tests[2].timeline = Some(in_a_row());
    let lines = crate::screen::verdict(&verdict, &sample::exercise(), 80);
    let rows = lines.iter().filter(|line| line.text().ends_with(" polls")).count();
    assert_eq!(rows, 3, "{}", plain(&lines));
}

#[test]
fn the_page_shows_every_recording_those_that_failed_first() {
    let mut verdict = sample::failed();
    verdict.tests[1].timeline = Some(joined());
    verdict.tests[2].timeline = Some(in_a_row());
    verdict.tests.push(verdict.tests[1].clone());
    verdict.tests[3].name = "order_is_seen".into();
    verdict.tests.push(verdict.tests[3].clone());
    verdict.tests[4].name = "nobody_is_late".into();
    verdict.tests[4].timeline = Some(in_a_row());
    for width in WIDTHS {
        let lines = timelines(&verdict, width);
        assert!(lines.iter().all(|line| line.width() <= width), "{}", plain(&lines));
        snapshot(&format!("timeline_page_{width}"), &plain(&lines));
    }
    for test in &mut verdict.tests {
        test.timeline = None;
    }
    assert!(plain(&timelines(&verdict, 80)).contains("recorded nothing"));
}

/// Whatever was recorded, it is drawn within its width, and every lane has a row.
#[test]
fn nonsense_is_drawn_without_harm() {
    let words = ["poll", "pending", "ready", "panicked", "wake", "drop", "mark"];
    let mut seed = 7_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for _ in 0..30 {
        let mut timeline = Timeline::default();
        let lanes = next(26);
        for lane in 0..lanes {
            timeline.add_lane(["", "x", "a rather long name of a lane", "日本語"][lane as usize % 4]);
        }
        let mut at = 0;
        for _ in 0..next(520) {
            at += [0, 0, 1, 1_000, 50_000, u64::MAX / 1_000_000][next(6) as usize];
            let what = What::named(words[next(7) as usize], &format!("mark {}", next(40))).unwrap();
            timeline.add(next(lanes + 1) as usize, at, what);
        }
        for width in [1, 2, 7, 19, 40, 80, 200] {
            let lines = drawing(&timeline, 100, width);
            assert!(lines.iter().all(|line| line.width() <= width), "{width}: {}", plain(&lines));
            assert!(lines.len() > timeline.lanes().len());
        }
    }
}

#[test]
fn what_waits_longer_is_longer_and_what_comes_first_is_further_left() {
    let timeline = in_a_row();
    for width in [60, 80, 120, 200] {
        let lines = drawing(&timeline, FEW, width);
        let asleep = |row: usize| lines[row].text().matches('─').count();
        assert!(asleep(2) > asleep(3), "30 ms and 20 ms: {}", plain(&lines));
        let begins = |row: usize| lines[row].text().find('█').unwrap();
        assert!(begins(2) < begins(3), "{}", plain(&lines));
    }
}

#[test]
fn what_looks_the_same_is_drawn_once() {
    let polled_for = |microseconds| {
        let mut timeline = Timeline::default();
        timeline.add_lane("pay");
        timeline.add(0, 0, What::named("poll", "").unwrap());
        timeline.add(0, microseconds, What::named("ready", "").unwrap());
        timeline
    };
    let mut failed = sample::failed();
    failed.tests[0].timeline = Some(polled_for(5_000));
    for (other, drawings) in [(polled_for(5_000), 1), (polled_for(5_400), 1), (in_a_row(), 2)] {
        failed.tests[2].timeline = Some(other);
        let text = plain(&crate::screen::verdict::verdict(&failed, &sample::exercise(), 80));
        assert_eq!(text.matches("What ran when").count(), drawings, "{text}");
    }
    failed.tests[0].message = failed.tests[2].message.clone();
    failed.tests[2].timeline = Some(polled_for(5_400));
    let text = plain(&crate::screen::verdict::verdict(&failed, &sample::exercise(), 80));
    assert!(text.contains("✗ hi_is_heard\n✗ order_is_kept\n"), "{text}");
}
