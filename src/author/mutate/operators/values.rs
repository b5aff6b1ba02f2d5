//! Comparisons, arithmetic, literals, and calls in a chain.

use syn::{BinOp, Expr, ExprMethodCall, Lit, RangeLimits};

use super::Operator::{
    DropCall, DropOperand, FlipBool, MoveBoundary, MoveRangeEnd, NegateComparison, OffByOne, SwapArithmetic,
    SwapLogic,
};
use crate::author::mutate::source::{Draft, range};

/// Changes a value.
pub(in crate::author::mutate) fn expr(expr: &Expr, draft: &mut Draft<'_>) {
    match expr {
        Expr::Binary(found) => {
            let at = range(&found.op);
            if let Some(other) = negated(&found.op) {
                draft.replace(NegateComparison, at.clone(), other);
            }
            if let Some(other) = moved(&found.op) {
                draft.replace(MoveBoundary, at.clone(), other);
            }
            if let Some(other) = calculated(&found.op) {
                draft.replace(SwapArithmetic, at.clone(), other);
            }
            let other = match found.op {
                BinOp::And(_) => "||",
                BinOp::Or(_) => "&&",
                _ => return,
            };
            if !holds_let(expr) {
                draft.replace(SwapLogic, at, other);
            }
            let (whole, left, right) = (range(found), range(&*found.left), range(&*found.right));
            draft.replace(DropOperand, left.end..whole.end, "");
            draft.replace(DropOperand, whole.start..right.start, "");
        }
        Expr::Range(found) if found.end.is_some() => {
            let (at, other) = match found.limits {
                RangeLimits::HalfOpen(dots) => (range(&dots), "..="),
                RangeLimits::Closed(dots) => (range(&dots), ".."),
            };
            draft.replace(MoveRangeEnd, at, other);
        }
        _ => {}
    }
}

/// Changes a literal. Texts are left alone: hidden tests compare them, and a learner is not to guess them.
pub(in crate::author::mutate) fn literal(literal: &Lit, draft: &mut Draft<'_>) {
    match literal {
        Lit::Bool(found) => draft.replace(FlipBool, range(found), (!found.value).to_string()),
        Lit::Int(found) => {
            let Ok(value) = found.base10_parse::<u64>() else { return };
            let neighbours = [value.checked_add(1), value.checked_sub(1)];
            for other in neighbours.into_iter().flatten() {
                draft.replace(OffByOne, range(found), format!("{other}{}", found.suffix()));
            }
        }
        _ => {}
    }
}

/// Methods whose result has another type than what they are called on: without them nothing compiles.
const CONVERSIONS: &[&str] = &[
    "borrow",
    "borrow_mut",
    "clone",
    "collect",
    "expect",
    "get_mut",
    "iter",
    "len",
    "load",
    "lock",
    "poll",
    "take",
    "unwrap",
    "unwrap_or",
    "unwrap_or_else",
    "waker",
];

/// Leaves a call of a chain out.
pub(in crate::author::mutate) fn method_call(call: &ExprMethodCall, draft: &mut Draft<'_>) {
    let name = call.method.to_string();
    let converts = ["as_", "into_", "is_", "to_"].iter().any(|prefix| name.starts_with(prefix));
    if !converts && !CONVERSIONS.contains(&name.as_str()) {
        draft.replace(DropCall, range(&*call.receiver).end..range(call).end, "");
    }
}

/// The comparison that is true where this one is false.
pub(super) fn negated(op: &BinOp) -> Option<&'static str> {
    Some(match op {
        BinOp::Eq(_) => "!=",
        BinOp::Ne(_) => "==",
        BinOp::Lt(_) => ">=",
        BinOp::Le(_) => ">",
        BinOp::Gt(_) => "<=",
        BinOp::Ge(_) => "<",
        _ => return None,
    })
}

/// The comparison that differs where both sides are equal.
fn moved(op: &BinOp) -> Option<&'static str> {
    Some(match op {
        BinOp::Lt(_) => "<=",
        BinOp::Le(_) => "<",
        BinOp::Gt(_) => ">=",
        BinOp::Ge(_) => ">",
        _ => return None,
    })
}

fn calculated(op: &BinOp) -> Option<&'static str> {
    Some(match op {
        BinOp::Add(_) => "-",
        BinOp::Sub(_) => "+",
        BinOp::Mul(_) => "/",
        BinOp::Div(_) | BinOp::Rem(_) => "*",
        BinOp::AddAssign(_) => "-=",
        BinOp::SubAssign(_) => "+=",
        BinOp::MulAssign(_) => "/=",
        BinOp::DivAssign(_) => "*=",
        _ => return None,
    })
}

/// Whether a `let` is an operand of the condition.
pub(super) fn holds_let(condition: &Expr) -> bool {
    match condition {
        Expr::Let(_) => true,
        Expr::Binary(binary) => holds_let(&binary.left) || holds_let(&binary.right),
        _ => false,
    }
}
