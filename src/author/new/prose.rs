//! The template of an exercise, and its prose: once as it is to be written, once as the sample says it.

pub(super) const STARTER: &str = include_str!("template/starter.rs.in");
pub(super) const SOLUTION: &str = include_str!("template/solution.rs.in");
pub(super) const HIDDEN: &str = include_str!("template/hidden.rs.in");
pub(super) const SWAPPED: &str = include_str!("template/swapped.rs.in");
pub(super) const TOAST_FIRST: &str = include_str!("template/toast_first.rs.in");
pub(super) const SELECT: &str = include_str!("template/select.rs.in");
pub(super) const CHAPTER: &str = include_str!("template/chapter.md.in");
pub(super) const WORKBOOK: &str = include_str!("template/workbook.toml.in");
pub(super) const README: &str = include_str!("template/README.md.in");
pub(super) const GUIDE: &str = include_str!("../../../exercises/README.md");
pub(super) const CERTIFY: &str = include_str!("template/certify.yml.in");
/// A question that follows the sample: the only part of a new workbook that a new exercise does not have.
pub(super) const QUIZ: &str = include_str!("template/quiz.toml.in");
/// The program of a prediction, which is the same in a new workbook and in a new prediction.
pub(super) const PROGRAM: &str = include_str!("template/predict.rs.in");
const PREDICT: &str = include_str!("template/predict.toml.in");
const STEP: &str = include_str!("template/step.toml.in");

/// What stands in the places of the template that are for people.
pub(super) struct Prose(&'static [(&'static str, &'static str)]);

/// Each place says what belongs there.
pub(super) const TO_DO: Prose = Prose(&[
    (
        "what",
        "TODO: what the program is for, and what it must do, in two or three lines (the code below is an example).",
    ),
    ("wrong", "TODO: what it does instead, as a user would see it. Do not say why."),
    ("solved", "TODO: why this works, for somebody who has just solved it."),
    ("tests", "TODO: what these tests observe. Each has one line above it that a learner may read."),
    ("mistake", "TODO: who would write this, and why it does not work."),
    ("hint1", "TODO: a nudge: a question, or where to look."),
    ("hint2", "TODO: the idea behind it, in words."),
    ("hint3", "TODO: almost the answer: everything except the code."),
    ("question", "TODO: what does the program print, in which order, or when?"),
    ("because", "TODO: why it prints that, for somebody who has just seen it."),
    ("reply1", "TODO: why this tempts, and what it overlooks."),
    ("reply2", "TODO: why this tempts, and what it overlooks."),
    (
        "model",
        "TODO: the one mental model of this chapter, on one page: what a reader must be able to picture to do its exercises.",
    ),
]);

/// The sample of a new workbook.
pub(super) const SAMPLE: Prose = Prose(&[
    (
        "what",
        "Breakfast is ready when the tea and the toast are. They are made at the same time, so it takes as long as\n\
         //! the slower of the two.",
    ),
    ("wrong", "But it takes as long as both together."),
    ("solved", "`.await` runs one future and does not touch the others; a macro can run several in turn."),
    ("tests", "Hidden tests of `breakfast`: how long it takes, in virtual time, and what it returns."),
    ("mistake", "Written by somebody who thinks that the macro sorts its results by name."),
    ("hint1", "Find the line where the toast begins to be made. How far is the tea by then?"),
    (
        "hint2",
        "A future makes progress only while something polls it, and `tea.await` polls only the tea until it is done. Give both \
         to something that polls both.",
    ),
    (
        "hint3",
        "Tokio has a macro that takes several futures, polls them in turn, and returns a tuple of their outputs in the order \
         in which you named them. It awaits by itself.",
    ),
    ("question", "In which order are tea and toast ready, and after how long?"),
    (
        "because",
        "`join!` polls both futures, and each registers a timer in its first poll. The toast's timer fires first. The task \
         waits for the later of the two, so it takes 4 minutes.",
    ),
    ("reply1", "That is what two `.await`s in a row would do. When does the toast's timer start here?"),
    (
        "reply2",
        "The order of the arguments decides who is polled first. Does it decide whose timer fires first?",
    ),
    (
        "model",
        "A future makes progress only while it is polled. `.await` polls one future until it is done. To run two at the \
         same\ntime, something has to poll both: a macro such as `tokio::join!` within one task, or the runtime, if each of \
         them is a\nseparate task.",
    ),
]);

impl Prose {
    /// The template with this prose in its places.
    pub(super) fn fill(&self, template: &str) -> String {
        let Self(places) = self;
        places.iter().fold(template.to_owned(), |text, (place, prose)| {
            text.replace(&format!("{{{{{place}}}}}"), prose)
        })
    }
}

/// The step of an exercise in its chapter's manifest.
pub(super) fn step(name: &str, prose: &Prose) -> String {
    prose.fill(STEP).replace("{{name}}", name)
}

/// The step of a prediction in its chapter's manifest.
pub(super) fn predict(name: &str, prose: &Prose) -> String {
    // Its row of the recording has braces, too.
    prose.fill(PREDICT).replacen("{{name}}", name, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_place_stays_empty() {
        for prose in [TO_DO, SAMPLE] {
            for template in [STARTER, SOLUTION, HIDDEN, SWAPPED, TOAST_FIRST, SELECT] {
                let text = prose.fill(template);
                assert!(!text.contains("{{"), "{text}");
            }
            assert_eq!(prose.fill(CHAPTER).matches("{{").count(), 1);
            assert!(!step("mine", &prose).contains("{{"));
            assert!(!predict("mine", &prose).contains("{{"));
        }
        assert!(!SAMPLE.fill(STARTER).contains("TODO") && TO_DO.fill(STARTER).contains("TODO"));
    }
}
