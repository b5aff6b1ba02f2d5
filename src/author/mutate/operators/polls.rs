//! Futures that are polled by hand.

use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprMethodCall, FnArg, Pat, Signature};

use super::Operator::{self, AsksAgainNextTime, HandsWakerDownOnce, KeepsFirstWaker, TakesZeroForNothing};
use crate::author::mutate::helpers::Helpers;
use crate::author::mutate::reach::last_name;
use crate::author::mutate::source::{Draft, range};

/// Each mistake with the function that makes it.
const WAYS: &[(Operator, &str)] = &[
    (AsksAgainNextTime, "busy_next_time"),
    (KeepsFirstWaker, "stale"),
    (HandsWakerDownOnce, "deaf"),
    (TakesZeroForNothing, "wants_something"),
];

/// Polls in another way.
pub(in crate::author::mutate) fn method_call(call: &ExprMethodCall, draft: &mut Draft<'_>) {
    if call.method != "poll" || call.args.len() != 1 {
        return;
    }
    let arguments = format!("{}, {}", draft.of(&*call.receiver), draft.of(&call.args[0]));
    // Whoever has made the context has one waker for all polls.
    let is_given = matches!(call.args[0], Expr::Path(_));
    for (operator, function) in WAYS.iter().filter(|(operator, _)| is_given || *operator != KeepsFirstWaker) {
        draft.call(*operator, range(call), Helpers::Polls, function, &arguments);
    }
}

/// Wakes itself wherever a `poll` answers `Pending` by itself.
pub(in crate::author::mutate) fn function(signature: &Signature, block: &Block, draft: &mut Draft<'_>) {
    struct Answers<'b>(Vec<&'b Expr>);

    impl<'b> Visit<'b> for Answers<'b> {
        fn visit_expr(&mut self, expr: &'b Expr) {
            if let Expr::Path(path) = expr
                && path.path.segments.last().is_some_and(|segment| segment.ident == "Pending")
            {
                self.0.push(expr);
            }
            visit::visit_expr(self, expr);
        }
    }

    let Some(context) = context(signature) else { return };
    // It wakes itself already, and rightly so.
    if draft.of(block).contains(".wake_by_ref()") {
        return;
    }
    let mut answers = Answers(Vec::new());
    answers.visit_block(block);
    for answer in answers.0 {
        let arguments = format!("{}, {context}.waker()", draft.of(answer));
        draft.call(AsksAgainNextTime, range(answer), Helpers::Polls, "asking_next_time", &arguments);
    }
}

/// The name of the context that a function is given.
pub(super) fn context(signature: &Signature) -> Option<String> {
    signature.inputs.iter().find_map(|input| match input {
        FnArg::Typed(input) if last_name(&input.ty).as_deref() == Some("Context") => match &*input.pat {
            Pat::Ident(name) => Some(name.ident.to_string()),
            _ => None,
        },
        _ => None,
    })
}
