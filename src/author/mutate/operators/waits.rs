//! How a future is waited for: busily, with the wrong waker, too long, not long enough.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprCall, ExprMethodCall, Macro, Token};

use super::Operator::{
    self, AsksAgain, AsksAgainNextTime, AsksAgainWhenWoken, AsksByTheClock, GivesUp, GivesUpLate,
    GivesUpSoon, HandsWakerDownOnce, KeepsFirstWaker, KeepsThread, Lingers, PausesFirst, TakesZeroForNothing,
};
use super::callee;
use crate::author::mutate::helpers::Helpers;
use crate::author::mutate::source::{Draft, range};

/// Each mistake with the function that makes it, and what that is given besides the future.
const WAYS: &[(Operator, &str, &str)] = &[
    (AsksAgain, "busy", ""),
    (AsksAgainWhenWoken, "busy_when_woken", ""),
    (AsksAgainNextTime, "busy_next_time", ""),
    (KeepsThread, "spins", ""),
    (AsksByTheClock, "naps", ""),
    (KeepsFirstWaker, "stale", ""),
    (HandsWakerDownOnce, "deaf", ""),
    (PausesFirst, "pauses_first", ""),
    (Lingers, "lingers", ""),
    (GivesUpSoon, "gives_up", ", std::time::Duration::from_millis(200)"),
    (GivesUp, "gives_up", ", std::time::Duration::from_secs(1)"),
    (GivesUpLate, "gives_up", ", std::time::Duration::from_secs(60)"),
    (TakesZeroForNothing, "wants_something", ""),
];

/// Waits in another way for what is awaited, or handed to a runtime or a timeout.
pub(in crate::author::mutate) fn expr(expr: &Expr, draft: &mut Draft<'_>) {
    match expr {
        Expr::Await(found) => future(&found.base, draft),
        Expr::MethodCall(call) => method(call, draft),
        Expr::Call(call) => function(call, draft),
        _ => {}
    }
}

/// Waits in another way for each of the futures that are joined.
pub(in crate::author::mutate) fn mac(mac: &Macro, draft: &mut Draft<'_>) {
    let name = mac.path.segments.last().map(|segment| segment.ident.to_string());
    if !matches!(name.as_deref(), Some("join" | "try_join")) {
        return;
    }
    if let Ok(plans) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone()) {
        plans.iter().for_each(|plan| future(plan, draft));
    }
}

fn method(call: &ExprMethodCall, draft: &mut Draft<'_>) {
    if call.method == "block_on"
        && let [plan] = call.args.iter().collect::<Vec<_>>()[..]
    {
        future(plan, draft);
    }
}

fn function(call: &ExprCall, draft: &mut Draft<'_>) {
    if callee(call).as_deref() == Some("timeout")
        && let Some(plan) = call.args.iter().nth(1)
    {
        future(plan, draft);
    }
}

fn future(plan: &Expr, draft: &mut Draft<'_>) {
    // What is awaited inside of a block is changed there.
    if matches!(plan, Expr::Async(_)) {
        return;
    }
    let (at, text) = (range(plan), draft.of(plan));
    for (operator, function, more) in WAYS {
        let arguments = format!("{text}{more}");
        draft.call(*operator, at.clone(), Helpers::Awaits, function, &arguments);
    }
}
