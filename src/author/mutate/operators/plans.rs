//! Futures, tasks and wakers.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Macro, Token};

use super::Operator::{
    BlockThread, DropAwait, DropMove, JoinInSequence, KeepTaken, NoopWaker, PollAgain, SpawnInSequence,
    SpawnLazily,
};
use super::syntax::{callee, tight};
use crate::author::mutate::source::{Draft, range};

const NOOP: &str = "std::task::Waker::noop()";

/// Changes how a plan is carried out.
pub(in crate::author::mutate) fn expr(expr: &Expr, draft: &mut Draft<'_>) {
    match expr {
        Expr::Await(found) => {
            draft.replace(DropAwait, range(&*found.base).end..range(found).end, "");
            if let Expr::Call(call) = &*found.base
                && callee(call).as_deref() == Some("sleep")
                && let Some(time) = call.args.first()
            {
                let time = draft.of(time);
                draft.replace(BlockThread, range(found), format!("std::thread::sleep({time})"));
            }
        }
        Expr::Async(found) => {
            if let Some(word) = &found.capture {
                draft.delete_word(DropMove, range(word));
            }
        }
        Expr::Closure(found) => {
            if let Some(word) = &found.capture {
                draft.delete_word(DropMove, range(word));
            }
        }
        Expr::Call(call) if call.args.len() == 1 => function(call, &call.args[0], draft),
        Expr::MethodCall(call) => method(call, draft),
        _ => {}
    }
}

/// Carries out one after the other what `join!` carries out together.
pub(in crate::author::mutate) fn mac(mac: &Macro, draft: &mut Draft<'_>) {
    let name = mac.path.segments.last().map(|segment| segment.ident.to_string());
    let fallible = match name.as_deref() {
        Some("join") => false,
        Some("try_join") => true,
        _ => return,
    };
    let Ok(plans) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone()) else {
        return;
    };
    if plans.len() < 2 {
        return;
    }
    let mark = if fallible { "?" } else { "" };
    let awaited: Vec<String> =
        plans.iter().map(|plan| format!("{}.await{mark}", tight(plan, draft.of(plan)))).collect();
    let all = awaited.join(", ");
    let text = if fallible { format!("async {{ Ok(({all})) }}.await") } else { format!("({all})") };
    draft.replace(JoinInSequence, range(mac), text);
}

fn function(call: &syn::ExprCall, argument: &Expr, draft: &mut Draft<'_>) {
    let (at, function, text) = (range(call), draft.of(&*call.func), draft.of(argument));
    let on_thread = function.contains("thread::") || function.ends_with("spawn_blocking");
    match callee(call).as_deref() {
        Some("spawn" | "spawn_blocking") if on_thread => {
            let first = format!("{{ let outcome = ({text})(); {function}(move || outcome) }}");
            draft.replace(SpawnInSequence, at, first);
        }
        Some("spawn" | "spawn_local") => {
            let awaited = format!("{}.await", tight(argument, text));
            let first = format!("{{ let outcome = {awaited}; {function}(async move {{ outcome }}) }}");
            draft.replace(SpawnInSequence, at.clone(), first);
            let never = format!("async move {{ Ok::<_, tokio::task::JoinError>({awaited}) }}");
            draft.replace(SpawnLazily, at, never);
        }
        Some("take") => {
            if let Expr::Reference(place) = argument {
                let place = tight(&place.expr, draft.of(&*place.expr));
                draft.replace(KeepTaken, at, format!("{place}.clone()"));
            }
        }
        _ => {}
    }
}

fn method(call: &syn::ExprMethodCall, draft: &mut Draft<'_>) {
    let (name, count) = (call.method.to_string(), call.args.len());
    match (name.as_str(), call.args.first()) {
        ("poll", Some(context)) if count == 1 => {
            let poll = draft.of(call);
            draft.replace(
                PollAgain,
                range(call),
                format!("{{ let first = {poll}; if first.is_ready() {{ let _ = {poll}; }} first }}"),
            );
            let deaf = format!("&mut std::task::Context::from_waker({NOOP})");
            draft.replace(NoopWaker, range(context), deaf);
        }
        ("waker", None) => draft.replace(NoopWaker, range(call), NOOP),
        ("take", None) => draft.replace(KeepTaken, range(&call.method), "clone"),
        ("spawn" | "spawn_local", Some(plan)) if count == 1 => {
            let awaited = format!("{}.await", tight(plan, draft.of(plan)));
            let first = format!("{{ let outcome = {awaited}; async move {{ outcome }} }}");
            draft.replace(SpawnInSequence, range(plan), first);
        }
        _ => {}
    }
}
