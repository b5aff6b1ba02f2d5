//! Tasks: how many at once, where, and what becomes of their panics.

use syn::{Expr, ExprCall, ExprMethodCall};

use super::Operator::{
    self, NoTask, PanicEndsOthers, PoolForEach, SwallowsPanics, ThreadForEach, ThreeAtATime,
};
use super::syntax::{callee, last_segment};
use crate::author::mutate::helpers::Helpers;
use crate::author::mutate::source::{Draft, range};

/// What is spawned, made another future.
const FUTURES: &[(Operator, &str)] =
    &[(ThreeAtATime, "three_at_a_time"), (SwallowsPanics, "swallows_panics")];

/// What spawns, in place of `tokio::spawn`.
const SPAWNERS: &[(Operator, &str)] = &[
    (ThreadForEach, "on_a_thread"),
    (PoolForEach, "on_the_pool"),
    (NoTask, "no_task"),
    (PanicEndsOthers, "ends_others"),
];

/// Spawns in another way.
pub(in crate::author::mutate) fn function(call: &ExprCall, draft: &mut Draft<'_>) {
    let name = callee(call);
    let on_thread = draft.of(&*call.func).contains("thread::");
    let [plan] = call.args.iter().collect::<Vec<_>>()[..] else { return };
    match name.as_deref() {
        Some("spawn") if !on_thread => spawned(call, plan, draft, true),
        Some("spawn_local") => spawned(call, plan, draft, false),
        _ => {}
    }
}

/// Spawns in another way where `spawn` is a method, or what a method is given.
pub(in crate::author::mutate) fn method_call(call: &ExprMethodCall, draft: &mut Draft<'_>) {
    let [argument] = call.args.iter().collect::<Vec<_>>()[..] else { return };
    if call.method == "spawn" || call.method == "spawn_local" {
        wrapped(argument, draft);
    }
    if let Expr::Path(path) = argument
        && last_segment(&path.path).as_deref() == Some("spawn")
    {
        let (at, spawn) = (range(argument), draft.of(argument));
        for (operator, function) in FUTURES {
            let future = Helpers::Spawns.call(function, "future");
            draft.help(*operator, at.clone(), format!("|future| {spawn}({future})"), Helpers::Spawns);
        }
        for (operator, function) in SPAWNERS {
            draft.help(*operator, at.clone(), Helpers::Spawns.path(function), Helpers::Spawns);
        }
    }
}

fn spawned(call: &ExprCall, plan: &Expr, draft: &mut Draft<'_>, anywhere: bool) {
    wrapped(plan, draft);
    if anywhere {
        for (operator, function) in SPAWNERS {
            draft.help(*operator, range(&*call.func), Helpers::Spawns.path(function), Helpers::Spawns);
        }
    }
}

fn wrapped(plan: &Expr, draft: &mut Draft<'_>) {
    let (at, text) = (range(plan), draft.of(plan));
    for (operator, function) in FUTURES {
        draft.call(*operator, at.clone(), Helpers::Spawns, function, text);
    }
}
