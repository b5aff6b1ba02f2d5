//! The kinds of change.

use std::fmt;

/// Lists the operators once, each with its name and what a learner does who makes this mistake.
macro_rules! operators {
    ($($(#[$doc:meta])* $operator:ident = $name:literal: $mistake:literal,)*) => {
        /// A kind of change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operator {
            $($(#[$doc])* $operator,)*
        }

        impl Operator {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$operator,)*];

            /// Its name in records and JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$operator => $name,)*
                }
            }

            /// What somebody does who makes this mistake.
            #[must_use]
            pub fn mistake(self) -> &'static str {
                match self {
                    $(Self::$operator => $mistake,)*
                }
            }
        }
    };
}

operators! {
    /// `x.await` → `x`.
    DropAwait = "drop_await": "makes a future and does not await it",
    /// `async move` → `async`, `move |x|` → `|x|`.
    DropMove = "drop_move": "leaves out `move`: the inside borrows from the outside",
    /// `join!(a, b)` → `(a.await, b.await)`.
    JoinInSequence = "join_in_sequence": "runs one after another what should run concurrently",
    /// `spawn(plan)` → the plan is awaited first, and a task that is done is spawned.
    SpawnInSequence = "spawn_in_sequence": "waits for each piece of work before the next one begins",
    /// `spawn(plan)` → a plan that nobody carries out until the handle is awaited.
    SpawnLazily = "spawn_lazily": "begins the work only when its handle is awaited",
    /// `sleep(time).await` of Tokio → `sleep(time)` of the standard library.
    BlockThread = "block_thread": "blocks the thread with a sleep instead of awaiting one",
    /// `x.poll(cx)` → polled once more when it is ready.
    PollAgain = "poll_again": "polls a finished future once more",
    /// The waker of a context → one that does nothing.
    NoopWaker = "noop_waker": "passes on a waker that does nothing",
    /// `biased;` of a `select!` is left out.
    DropBiased = "drop_biased": "leaves the order of the branches to chance",
    /// A branch of a `select!` is left out.
    DropBranch = "drop_branch": "leaves out a branch",
    /// `take()` → `clone()`: what was there stays.
    KeepTaken = "keep_taken": "copies what has to be moved out",
    /// A statement is left out.
    DeleteStatement = "delete_statement": "leaves out a statement",
    /// `drop(x)` is left out.
    DeleteDrop = "delete_drop": "keeps a value alive too long",
    /// A call that wakes or notifies is left out.
    DeleteWake = "delete_wake": "wakes nobody",
    /// `flush` or `shutdown` is left out.
    DeleteFlush = "delete_flush": "leaves data in a buffer that has to be flushed",
    /// `abort` is left out.
    DeleteAbort = "delete_abort": "does not end a task that has to end",
    /// Two neighbouring statements change places.
    SwapStatements = "swap_statements": "does two things in the wrong order",
    /// `<` → `>=`, `==` → `!=`.
    NegateComparison = "negate_comparison": "compares the wrong way round",
    /// `<` → `<=`.
    MoveBoundary = "move_boundary": "is wrong where both sides are equal",
    /// `x` → `!x`, for a condition; `!x` → `x`.
    Negate = "negate": "treats yes as no",
    /// A condition is always met.
    AlwaysTrue = "always_true": "does always what should be done sometimes",
    /// The guard of a match arm is left out.
    DropGuard = "drop_guard": "does not check the condition of an arm or a branch",
    /// `&&` ↔ `||`.
    SwapLogic = "swap_logic": "uses `or` instead of `and`, or the other way round",
    /// `a && b` → `a`, → `b`.
    DropOperand = "drop_operand": "forgets one of two conditions",
    /// A whole number becomes one more, or one less.
    OffByOne = "off_by_one": "is off by one",
    /// `a..b` ↔ `a..=b`.
    MoveRangeEnd = "move_range_end": "ends a range one too late or too early",
    /// `+` ↔ `-`, `*` ↔ `/`.
    SwapArithmetic = "swap_arithmetic": "calculates the wrong way round",
    /// `true` ↔ `false`.
    FlipBool = "flip_bool": "says yes for no",
    /// `while` → `if`.
    WhileToIf = "while_to_if": "checks once instead of repeatedly",
    /// A `for` loop sees the first element alone.
    FirstOnly = "first_only": "handles only the first element",
    /// A `for` loop does not see the first element.
    SkipFirst = "skip_first": "forgets the first element",
    /// `break` ↔ `continue`.
    SwapBreak = "swap_break": "continues where it has to end, or ends where it has to continue",
    /// `x?` → `x.expect(…)`.
    ExpectNoError = "expect_no_error": "panics where it has to return an error",
    /// `x.call()` → `x`.
    DropCall = "drop_call": "leaves out a call in a chain",
    /// The body of a function is a default value.
    ReplaceBody = "replace_body": "does nothing and returns a default value",

    /// A future asks to be polled again in every poll, from the second wait on.
    AsksAgainNextTime = "asks_again_next_time": "sleeps in its first wait, and polls in a loop in all others",
    /// A future is polled every millisecond.
    AsksByTheClock = "asks_by_the_clock": "asks every millisecond instead of being woken",
    /// The waker of the first poll is handed down in all polls.
    KeepsFirstWaker = "keeps_first_waker": "passes on the first waker forever",
    /// The waker is handed down in the first poll alone.
    HandsWakerDownOnce = "hands_waker_down_once": "passes on the waker in the first poll, and never again",
    /// Waits before it begins.
    PausesFirst = "pauses_first": "waits for a moment before it begins",
    /// Waits when all is done.
    Lingers = "lingers": "waits for a moment when everything is done",
    /// An outcome is made up after 200 ms: also where no test can wait for a day.
    GivesUpSoon = "gives_up_soon": "gives up after 200 ms and invents a result",
    /// … after a day.
    GivesUpLate = "gives_up_late": "gives up after a day and invents a result",
    /// 0, `false` and `""` are taken for no value.
    TakesZeroForNothing = "takes_zero_for_nothing": "treats a value such as 0, `false` or \"\" as no value",
    /// At most three tasks are carried out at once.
    ThreeAtATime = "three_at_a_time": "runs three tasks at a time and lets the others wait",
    /// At most one blocking call is carried out at once.
    OneAtATime = "one_at_a_time": "runs one blocking call at a time and lets the others wait",
    /// A thread for each task.
    ThreadForEach = "thread_for_each": "starts a thread for each task",
    /// A thread of the blocking pool for each task.
    PoolForEach = "pool_for_each": "runs each task on a thread of the blocking pool",
    /// No task: whoever awaits a handle carries all the work on.
    NoTask = "no_task": "spawns nothing: the work runs only while it is awaited",
    /// A panic of a task becomes a default value.
    SwallowsPanics = "swallows_panics": "invents a result for a task that panics",
    /// A panic of a task aborts the others.
    PanicEndsOthers = "panic_ends_others": "ends all tasks when one of them panics",
    /// `task.await?` → a default value in place of an error.
    IgnoresErrors = "ignores_errors": "ignores an error, or a panic that comes as one",
    /// `task.await.expect(…);` → a sleep of a second.
    SleepsForHandle = "sleeps_for_handle": "waits for some time instead of awaiting a handle",
    /// A pause in a loop → the rest of an interval.
    CountsFromStart = "counts_from_start": "counts a pause from the end of the one before it",
    /// `timeout(limit, plan)` → looks at the clock first.
    ClockFirst = "clock_first": "gives up in a tie: it checks the clock before it checks the result",
    /// A loop ends after ten rounds.
    StopsAfterTen = "stops_after_ten": "gives up after ten rounds",
    /// A future is driven on a thread of its own.
    WaitsOnThread = "waits_on_thread": "starts a thread for each wait",
    /// … by a runtime of its own.
    WaitsInRuntime = "waits_in_runtime": "starts a second runtime for each wait",
    /// `tx.send(value).await` → `tx.try_send(value)`.
    SendsWithoutWaiting = "sends_without_waiting": "loses a value when the channel is full",
    /// A value that is equal to the one before it is left out.
    LosesRepeated = "loses_repeated": "loses a value that is equal to the one before it",
    /// A value that is there already is not pushed.
    LosesEqual = "loses_equal": "loses a value that is already there",
    /// A guard is dropped and taken again between two statements.
    SplitsLock = "splits_lock": "checks and acts under two locks: something can come in between",
    /// The block of a guard is widened to the rest of the function.
    WidensLock = "widens_lock": "holds the lock while it calls foreign code",
    /// `flag = true` behind the wake.
    RaisesFlagLate = "raises_flag_late": "wakes first, and sets the flag after that",
    /// One call at a time.
    OneCallAtATime = "one_call_at_a_time": "makes two concurrent calls wait for each other",
    /// `Arc::new(…)` → the same one in each call.
    SharesBetweenCalls = "shares_between_calls": "keeps in a `static` what each call needs for itself",
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
