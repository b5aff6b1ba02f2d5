//! Conditions and loops.

use syn::{BinOp, Expr, UnOp};

use super::Operator::{
    AlwaysTrue, DropGuard, ExpectNoError, FirstOnly, Negate, SkipFirst, SwapBreak, WhileToIf,
};
use super::syntax::tight;
use super::values;
use crate::author::mutate::source::{Draft, range};

/// Changes the way that execution takes.
pub(in crate::author::mutate) fn expr(expr: &Expr, draft: &mut Draft<'_>) {
    match expr {
        Expr::If(found) => {
            let parts = conditions(&found.cond);
            if let [whole] = parts.as_slice()
                && !matches!(whole, Expr::Lit(_))
            {
                draft.replace(AlwaysTrue, range(*whole), "true");
            }
            parts.into_iter().for_each(|part| negate(part, draft));
        }
        Expr::While(found) => {
            conditions(&found.cond).into_iter().for_each(|part| negate(part, draft));
            draft.replace(WhileToIf, range(&found.while_token), "if");
        }
        Expr::ForLoop(found) => {
            let (at, text) = (range(&*found.expr), draft.of(&*found.expr));
            let iterator = format!("{}.into_iter()", tight(&found.expr, text));
            draft.replace(FirstOnly, at.clone(), format!("{iterator}.take(1)"));
            draft.replace(SkipFirst, at, format!("{iterator}.skip(1)"));
        }
        Expr::Unary(found) if matches!(found.op, UnOp::Not(_)) => {
            draft.delete_word(Negate, range(&found.op));
        }
        Expr::Break(found) if found.label.is_none() && found.expr.is_none() => {
            draft.replace(SwapBreak, range(found), "continue");
        }
        Expr::Continue(found) if found.label.is_none() => {
            draft.replace(SwapBreak, range(found), "break");
        }
        Expr::Try(found) => {
            draft.replace(ExpectNoError, range(&found.question_token), ".expect(\"no error\")");
        }
        _ => {}
    }
}

/// Changes the guard of a match arm.
pub(in crate::author::mutate) fn guard(guard: &syn::PatGuard, draft: &mut Draft<'_>) {
    draft.replace(DropGuard, range(&*guard.pat).end..range(&*guard.guard).end, "");
    conditions(&guard.guard).into_iter().for_each(|part| negate(part, draft));
}

/// A condition as a whole, or what stands between the `&&` of a chain with `let`.
fn conditions(condition: &Expr) -> Vec<&Expr> {
    match condition {
        Expr::Let(_) => Vec::new(),
        Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) && values::holds_let(condition) => {
            [conditions(&binary.left), conditions(&binary.right)].concat()
        }
        _ => vec![condition],
    }
}

/// A comparison and a `!` are negated where they stand, whatever they are part of.
fn negate(condition: &Expr, draft: &mut Draft<'_>) {
    let elsewhere = match condition {
        Expr::Binary(binary) => values::negated(&binary.op).is_some(),
        Expr::Unary(unary) => matches!(unary.op, UnOp::Not(_)),
        Expr::Lit(_) => true,
        _ => false,
    };
    if !elsewhere {
        let text = draft.of(condition);
        draft.replace(Negate, range(condition), format!("!{}", tight(condition, text)));
    }
}
