//! How a future is waited for: busily, too long, not long enough.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprCall, ExprMethodCall, Macro, Token};

use super::Operator::{
    self, AsksAgainNextTime, AsksByTheClock, GivesUpLate, GivesUpSoon, Lingers, PausesFirst,
    TakesZeroForNothing,
};
use super::handles;
use super::syntax::{callee, last_segment};
use crate::author::mutate::helpers::Helpers;
use crate::author::mutate::source::{Draft, range};

/// A mistake with the function that makes it, and what that is given besides the future.
type Way = (Operator, &'static str, &'static str);

const NEXT_TIME: Way = (AsksAgainNextTime, "busy_next_time", "");
const BY_THE_CLOCK: Way = (AsksByTheClock, "naps", "");
const FIRST: Way = (PausesFirst, "pauses_first", "");
const LINGERS: Way = (Lingers, "lingers", "");
const SOON: Way = (GivesUpSoon, "gives_up", ", std::time::Duration::from_millis(200)");
const LATE: Way = (GivesUpLate, "gives_up", ", std::time::Duration::from_secs(24 * 60 * 60)");
const ZERO: Way = (TakesZeroForNothing, "wants_something", "");

/// The mistakes with a future of which nothing is known.
const ALL: &[Way] = &[NEXT_TIME, BY_THE_CLOCK, FIRST, LINGERS, SOON, LATE, ZERO];

/// Waits in another way for what is awaited, or handed to a runtime or a timeout; `used` says whether anybody looks at
/// the value.
pub(in crate::author::mutate) fn expr(expr: &Expr, used: bool, draft: &mut Draft<'_>) {
    match expr {
        Expr::Await(found) => match &*found.base {
            // What it waits for is known, and can be waited for in fewer ways.
            Expr::Call(call) => match callee(call).as_deref() {
                Some("yield_now" | "consume_budget") => {}
                Some("sleep") => future(&found.base, &[NEXT_TIME, BY_THE_CLOCK, FIRST], draft),
                Some("timeout") => future(&found.base, &[FIRST], draft),
                _ => awaited(&found.base, used, draft),
            },
            base => awaited(base, used, draft),
        },
        Expr::MethodCall(call) => method(call, draft),
        Expr::Call(call) => function(call, draft),
        _ => {}
    }
}

/// Waits in another way for each of the futures that are joined.
pub(in crate::author::mutate) fn mac(mac: &Macro, draft: &mut Draft<'_>) {
    if !matches!(last_segment(&mac.path).as_deref(), Some("join" | "try_join")) {
        return;
    }
    if let Ok(plans) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone()) {
        for plan in &plans {
            awaited(plan, true, draft);
            if matches!(plan, Expr::Path(_)) {
                handles::elsewhere(plan, draft);
            }
        }
    }
}

/// Nobody can see from within a runtime what happened before it or comes after it.
fn method(call: &ExprMethodCall, draft: &mut Draft<'_>) {
    if call.method == "block_on"
        && let [plan] = call.args.iter().collect::<Vec<_>>()[..]
    {
        future(plan, &[NEXT_TIME, BY_THE_CLOCK, SOON, LATE, ZERO], draft);
    }
}

fn function(call: &ExprCall, draft: &mut Draft<'_>) {
    if callee(call).as_deref() == Some("timeout")
        && let Some(plan) = call.args.iter().nth(1)
    {
        awaited(plan, true, draft);
    }
}

fn awaited(plan: &Expr, used: bool, draft: &mut Draft<'_>) {
    let ways = if used { ALL } else { &ALL[..ALL.len() - 1] };
    future(plan, ways, draft);
}

fn future(plan: &Expr, ways: &[Way], draft: &mut Draft<'_>) {
    // What is awaited inside of a block is changed there.
    if matches!(plan, Expr::Async(_)) {
        return;
    }
    let (at, text) = (range(plan), draft.of(plan));
    for (operator, function, more) in ways {
        let arguments = format!("{text}{more}");
        draft.call(*operator, at.clone(), Helpers::Awaits, function, &arguments);
    }
}
