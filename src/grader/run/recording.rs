//! A recording as it comes over a test's socket, a frame at a time. What makes no sense is left out: a picture is no
//! part of the verdict.

use super::escape::unescape;
use crate::verdict::{Timeline, What};

/// Puts frames together; the format is described in `testkit::harness`.
#[derive(Debug, Default)]
pub(super) struct Recording {
    timeline: Timeline,
}

impl Recording {
    /// Takes in one frame, without the word `timeline`.
    pub(super) fn push(&mut self, frame: &str) {
        let fields: Vec<String> = frame.split('\t').map(unescape).collect();
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        match fields[..] {
            ["new"] => self.timeline = Timeline::default(),
            ["lane", name] => self.timeline.add_lane(name),
            ["full"] => self.timeline.stop(),
            [lane, at, what, text] => {
                if let (Ok(lane), Ok(at), Some(what)) = (lane.parse(), at.parse(), What::named(what, text)) {
                    self.timeline.add(lane, at, what);
                }
            }
            _ => {}
        }
    }

    /// What was recorded; `None` when nothing happened.
    pub(super) fn into_timeline(self) -> Option<Timeline> {
        (!self.timeline.moments().is_empty()).then_some(self.timeline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Moment;

    fn recorded(frames: &[&str]) -> Option<Timeline> {
        let mut recording = Recording::default();
        for frame in frames {
            recording.push(frame);
        }
        recording.into_timeline()
    }

    #[test]
    fn frames_become_a_timeline() {
        let timeline =
            recorded(&["new", "lane\tthe\\tpage", "0\t0\tpoll\t", "0\t30000\tmark\tone\\ntwo", "full"])
                .unwrap();
        assert_eq!(timeline.lanes(), ["the page"]);
        assert_eq!(
            timeline.moments(),
            [
                Moment { lane: 0, at: 0, what: What::Poll },
                Moment { lane: 0, at: 30_000, what: What::Mark("one two".into()) }
            ]
        );
        assert!(timeline.stopped());
    }

    #[test]
    fn a_new_one_takes_the_place_of_the_one_before() {
        let timeline =
            recorded(&["new", "lane\ta", "0\t5\tpoll\t", "new", "lane\tb", "0\t1\twake\t"]).unwrap();
        assert_eq!((timeline.lanes().len(), timeline.moments().len()), (1, 1));
        assert_eq!(timeline.lanes(), ["b"]);
    }

    #[test]
    fn nonsense_is_left_out() {
        let nonsense = [
            "",
            "\t",
            "lane",
            "0",
            "0\t0\tpoll",
            "x\t0\tpoll\t",
            "0\t-1\tpoll\t",
            "0\t0\tflew\t",
            "9\t0\tpoll\t",
            "0\t0\tpoll\t\t",
            "99999999999999999999\t0\tpoll\t",
        ];
        assert_eq!(recorded(&nonsense), None);
        let mut some = vec!["lane\ta", "0\t7\tready\t"];
        some.extend(nonsense);
        assert_eq!(recorded(&some).unwrap().moments(), [Moment { lane: 0, at: 7, what: What::Ready }]);
    }
}
