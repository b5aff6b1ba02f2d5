//! What walls around other people's code cost.

use crate::exercises::{Edit, Exercise};
use crate::programs::time;
use crate::table::{Pair, WALLS_HEAD};
use crate::{Bench, Outcome};

impl Bench {
    /// `grade` without walls and behind them, on the same text in the same round. A text that is graded again, its verdict
    /// forgotten, has all of its incremental state without walls; a verdict that is known leaves the probe alone.
    pub(crate) fn walls(&self, exercise: &Exercise) -> Outcome<()> {
        println!("\n### Walls around other people's code\n\n{WALLS_HEAD}");
        self.save(&self.ours, exercise, Edit::Harmless)?;
        if let Err(problem) = time(self.ours.grade(exercise, true)) {
            println!("Not measured: {problem}");
            return Ok(());
        }
        let grade = |confined: bool| time(self.ours.grade(exercise, confined));
        let edited = |confined: bool| {
            self.save(&self.ours, exercise, Edit::Harmless)?;
            grade(confined)
        };
        let again = |confined: bool| {
            self.ours.forget_verdicts()?;
            grade(confined)
        };
        let rounds = self.arguments.rounds;
        let name = &exercise.name;
        let pair = Pair::measure(rounds, || edited(false), || edited(true))?;
        println!("{}", pair.cost(&format!("`grade {name}`, a text that was never graded")));
        let pair = Pair::measure(rounds, || again(false), || again(true))?;
        println!("{}", pair.cost(&format!("`grade {name}`, the same text again")));
        let pair = Pair::measure(rounds, || grade(false), || grade(true))?;
        println!("{}", pair.cost(&format!("`grade {name}`, its verdict known: the probe alone")));
        Ok(())
    }
}
