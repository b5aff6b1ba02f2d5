//! Handles and loops that are not waited for to their ends, and waits somewhere else.

use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprAwait, FnArg, Pat, Signature, Stmt};

use super::Operator::{
    self, ClockFirst, CountsFromStart, IgnoresErrors, SleepsForHandle, StopsAfterTen, WaitsInRuntime,
    WaitsOnThread,
};
use super::syntax::callee;
use crate::author::mutate::helpers::Helpers;
use crate::author::mutate::source::{Draft, range};

/// Another thread, or another runtime, with the function that goes there.
const ELSEWHERE: &[(Operator, &str)] =
    &[(WaitsOnThread, "waits_on_a_thread"), (WaitsInRuntime, "waits_on_a_runtime")];

/// Takes no notice of an error; looks at the clock first.
pub(in crate::author::mutate) fn expr(expr: &Expr, used: bool, draft: &mut Draft<'_>) {
    match expr {
        Expr::Try(found) if matches!(&*found.expr, Expr::Await(_)) => {
            let outcome = draft.of(&*found.expr);
            draft.replace(IgnoresErrors, range(expr), format!("{outcome}.unwrap_or_default()"));
        }
        Expr::MethodCall(call)
            if used
                && (call.method == "expect" || call.method == "unwrap")
                && matches!(&*call.receiver, Expr::Await(_)) =>
        {
            let outcome = draft.of(&*call.receiver);
            draft.replace(IgnoresErrors, range(expr), format!("{outcome}.unwrap_or_default()"));
        }
        Expr::Call(call) if callee(call).as_deref() == Some("timeout") && call.args.len() == 2 => {
            let arguments = format!("{}, {}", draft.of(&call.args[0]), draft.of(&call.args[1]));
            draft.call(ClockFirst, range(call), Helpers::Awaits, "clock_first", &arguments);
        }
        _ => {}
    }
}

/// Takes no notice of the error that a handle gives, or does not ask the handle at all.
pub(in crate::author::mutate) fn statement(stmt: &Stmt, draft: &mut Draft<'_>) {
    let Stmt::Expr(Expr::MethodCall(call), Some(_)) = stmt else { return };
    let Expr::Await(found) = &*call.receiver else { return };
    if call.method != "expect" && call.method != "unwrap" {
        return;
    }
    draft.replace(IgnoresErrors, range(stmt), format!("let _ = {};", draft.of(found)));
    if matches!(&*found.base, Expr::Path(_) | Expr::Field(_)) {
        let sleep = "tokio::time::sleep(std::time::Duration::from_secs(1)).await;";
        draft.replace(SleepsForHandle, range(stmt), sleep);
    }
}

/// Drives what a function is given somewhere else; keeps time in its loops, and loses patience with them.
pub(in crate::author::mutate) fn function(signature: &Signature, block: &Block, draft: &mut Draft<'_>) {
    struct Places<'b> {
        given: Vec<String>,
        awaited: Vec<&'b Expr>,
        loops: Vec<&'b Expr>,
        /// What is awaited within a loop that has no end of its own.
        pauses: Vec<&'b ExprAwait>,
        within: usize,
    }

    impl<'b> Visit<'b> for Places<'b> {
        fn visit_expr(&mut self, expr: &'b Expr) {
            let is_loop = matches!(expr, Expr::Loop(_) | Expr::While(_));
            if is_loop {
                self.loops.push(expr);
            }
            if let Expr::Await(found) = expr {
                if let Expr::Path(path) = &*found.base
                    && path.path.get_ident().is_some_and(|name| self.given.contains(&name.to_string()))
                {
                    self.awaited.push(&found.base);
                }
                if self.within > 0 {
                    self.pauses.push(found);
                }
            }
            self.within += usize::from(is_loop);
            visit::visit_expr(self, expr);
            self.within -= usize::from(is_loop);
        }
    }

    let given = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => match &*input.pat {
            Pat::Ident(name) => Some(name.ident.to_string()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    let mut places = Places {
        given: given.collect(),
        awaited: Vec::new(),
        loops: Vec::new(),
        pauses: Vec::new(),
        within: 0,
    };
    places.visit_block(block);
    places.awaited.into_iter().for_each(|plan| elsewhere(plan, draft));
    let start = range(&block.brace_token.span.open()).end;
    for pause in places.pauses {
        if let Expr::Call(call) = &*pause.base
            && callee(call).as_deref() == Some("sleep")
            && let Some(time) = call.args.first()
        {
            let time = draft.of(time);
            let rest = format!("tokio::time::sleep_until({{ last += {time}; last }})");
            let last = " let mut last = tokio::time::Instant::now();".to_owned();
            draft.change(CountsFromStart, vec![(range(call), rest), (start..start, last)], None);
        }
    }
    for found in places.loops {
        impatient(found, draft);
    }
}

/// Drives a future on another thread.
pub(in crate::author::mutate) fn elsewhere(plan: &Expr, draft: &mut Draft<'_>) {
    for (operator, function) in ELSEWHERE {
        draft.call(*operator, range(plan), Helpers::Spawns, function, draft.of(plan));
    }
}

/// Ends a loop after ten rounds.
fn impatient(found: &Expr, draft: &mut Draft<'_>) {
    let body = match found {
        Expr::While(found) => &found.body,
        Expr::Loop(found) => &found.body,
        _ => return,
    };
    let text = draft.of(body);
    let end = match found {
        Expr::While(_) => "break",
        _ if text.contains("return Ok(") => "return Ok(Default::default())",
        _ if text.contains("break") => "break",
        _ => return,
    };
    let (before, inside) = (range(found).start, range(&body.brace_token.span.open()).end);
    let count = format!(" rounds += 1; if rounds > 10 {{ {end}; }}");
    let pieces = vec![(inside..inside, count), (before..before, "let mut rounds = 0; ".to_owned())];
    draft.change(StopsAfterTen, pieces, None);
}
