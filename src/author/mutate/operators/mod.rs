//! What a mutant is made by, a file for each subject.

pub(super) mod bodies;
pub(super) mod flow;
pub(super) mod plans;
pub(super) mod select;
pub(super) mod statements;
pub(super) mod values;

use std::fmt;

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `x.await` → `x`.
    DropAwait,
    /// `async move` → `async`, `move |x|` → `|x|`.
    DropMove,
    /// `join!(a, b)` → `(a.await, b.await)`.
    JoinInSequence,
    /// `spawn(plan)` → the plan is awaited first, and a task that is done is spawned.
    SpawnInSequence,
    /// `spawn(plan)` → a plan that nobody carries out until the handle is awaited.
    SpawnLazily,
    /// `sleep(time).await` of Tokio → `sleep(time)` of the standard library.
    BlockThread,
    /// `x.poll(cx)` → polled once more when it is ready.
    PollAgain,
    /// The waker of a context → one that does nothing.
    NoopWaker,
    /// `biased;` of a `select!` is left out.
    DropBiased,
    /// A branch of a `select!` is left out.
    DropBranch,
    /// `take()` → `clone()`: what was there stays.
    KeepTaken,
    /// A statement is left out.
    DeleteStatement,
    /// `drop(x)` is left out.
    DeleteDrop,
    /// A call that wakes or notifies is left out.
    DeleteWake,
    /// `flush` or `shutdown` is left out.
    DeleteFlush,
    /// `abort` is left out.
    DeleteAbort,
    /// Two neighbouring statements change places.
    SwapStatements,
    /// `<` → `>=`, `==` → `!=`.
    NegateComparison,
    /// `<` → `<=`.
    MoveBoundary,
    /// `x` → `!x`, for a condition; `!x` → `x`.
    Negate,
    /// A condition is always met.
    AlwaysTrue,
    /// The guard of a match arm is left out.
    DropGuard,
    /// `&&` ↔ `||`.
    SwapLogic,
    /// `a && b` → `a`, → `b`.
    DropOperand,
    /// A whole number becomes one more, or one less.
    OffByOne,
    /// `a..b` ↔ `a..=b`.
    MoveRangeEnd,
    /// `+` ↔ `-`, `*` ↔ `/`.
    SwapArithmetic,
    /// `true` ↔ `false`.
    FlipBool,
    /// `while` → `if`.
    WhileToIf,
    /// A `for` loop sees the first element alone.
    FirstOnly,
    /// A `for` loop does not see the first element.
    SkipFirst,
    /// `break` ↔ `continue`.
    SwapBreak,
    /// `x?` → `x.expect(…)`.
    ExpectNoError,
    /// `x.call()` → `x`.
    DropCall,
    /// The body of a function is a default value.
    ReplaceBody,
}

impl Operator {
    /// Its name in records and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DropAwait => "drop_await",
            Self::DropMove => "drop_move",
            Self::JoinInSequence => "join_in_sequence",
            Self::SpawnInSequence => "spawn_in_sequence",
            Self::SpawnLazily => "spawn_lazily",
            Self::BlockThread => "block_thread",
            Self::PollAgain => "poll_again",
            Self::NoopWaker => "noop_waker",
            Self::DropBiased => "drop_biased",
            Self::DropBranch => "drop_branch",
            Self::KeepTaken => "keep_taken",
            Self::DeleteStatement => "delete_statement",
            Self::DeleteDrop => "delete_drop",
            Self::DeleteWake => "delete_wake",
            Self::DeleteFlush => "delete_flush",
            Self::DeleteAbort => "delete_abort",
            Self::SwapStatements => "swap_statements",
            Self::NegateComparison => "negate_comparison",
            Self::MoveBoundary => "move_boundary",
            Self::Negate => "negate",
            Self::AlwaysTrue => "always_true",
            Self::DropGuard => "drop_guard",
            Self::SwapLogic => "swap_logic",
            Self::DropOperand => "drop_operand",
            Self::OffByOne => "off_by_one",
            Self::MoveRangeEnd => "move_range_end",
            Self::SwapArithmetic => "swap_arithmetic",
            Self::FlipBool => "flip_bool",
            Self::WhileToIf => "while_to_if",
            Self::FirstOnly => "first_only",
            Self::SkipFirst => "skip_first",
            Self::SwapBreak => "swap_break",
            Self::ExpectNoError => "expect_no_error",
            Self::DropCall => "drop_call",
            Self::ReplaceBody => "replace_body",
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The last name of a path that is called: `spawn` of `tokio::spawn(…)`.
fn callee(call: &syn::ExprCall) -> Option<String> {
    let syn::Expr::Path(path) = &*call.func else { return None };
    path.path.segments.last().map(|segment| segment.ident.to_string())
}

/// Whether a prefix or a method call binds to all of an expression without parentheses.
fn is_tight(expr: &syn::Expr) -> bool {
    use syn::Expr;
    matches!(
        expr,
        Expr::Path(_)
            | Expr::Call(_)
            | Expr::MethodCall(_)
            | Expr::Field(_)
            | Expr::Macro(_)
            | Expr::Paren(_)
            | Expr::Await(_)
            | Expr::Index(_)
            | Expr::Lit(_)
    )
}

/// A text that a prefix or a method call binds to as a whole.
fn tight(expr: &syn::Expr, text: &str) -> String {
    if is_tight(expr) { text.to_owned() } else { format!("({text})") }
}
