//! Calls that share what each should have for itself, and blocking calls that wait in another way.

use syn::{Block, Expr, ExprCall, ExprMethodCall, ReturnType, Signature, Stmt};

use super::Operator::{AsksAgainNextTime, AsksByTheClock, OneAtATime, OneCallAtATime, SharesBetweenCalls};
use super::syntax::callee;
use crate::author::mutate::helpers::Helpers;
use crate::author::mutate::source::{Draft, range};

/// Lets one call of a public function wait for the end of another.
pub(in crate::author::mutate) fn function(signature: &Signature, block: &Block, draft: &mut Draft<'_>) {
    let text = draft.of(block);
    let (start, turn) = if signature.asyncness.is_some() {
        (range(&block.brace_token.span.open()).end, turn())
    } else if let (Some(Stmt::Expr(Expr::Async(plan), None)), ReturnType::Type(..)) =
        (block.stmts.last(), &signature.output)
    {
        (range(&plan.block.brace_token.span.open()).end, turn())
    } else if text.contains("block_on(") || text.contains(".poll(&mut ") {
        let turn = Helpers::Calls.call("turn_of_threads", "");
        (range(&block.brace_token.span.open()).end, format!(" let _turn = {turn};"))
    } else {
        return;
    };
    draft.help(OneCallAtATime, start..start, turn, Helpers::Calls);
}

fn turn() -> String {
    format!(" let _turn = {}.await;", Helpers::Calls.call("turn", ""))
}

/// Keeps what a call makes for the next one; parks once, and not again; calls what blocks one at a time.
pub(in crate::author::mutate) fn call(call: &ExprCall, draft: &mut Draft<'_>) {
    let (function, whole) = (draft.of(&*call.func), draft.of(call));
    match callee(call).as_deref() {
        Some("new" | "default") if function.starts_with("Arc::") => {
            draft.call(SharesBetweenCalls, range(call), Helpers::Calls, "shared", &format!("|| {whole}"));
        }
        Some("new" | "default") if function.starts_with("Rc::") => {
            let make = format!("|| {whole}");
            draft.call(SharesBetweenCalls, range(call), Helpers::Calls, "shared_on_thread", &make);
        }
        Some("park") => {
            draft.call(AsksAgainNextTime, range(call), Helpers::Calls, "parks_once", "");
            let naps = "std::thread::park_timeout(std::time::Duration::from_millis(5))";
            draft.replace(AsksByTheClock, range(call), naps);
        }
        Some("spawn_blocking") => {
            if let [work] = call.args.iter().collect::<Vec<_>>()[..] {
                draft.call(OneAtATime, range(work), Helpers::Calls, "in_turn", draft.of(work));
            }
        }
        _ => {}
    }
}

/// Gets up every few milliseconds to look.
pub(in crate::author::mutate) fn method_call(call: &ExprMethodCall, draft: &mut Draft<'_>) {
    if call.method == "wait_while"
        && let [guard, condition] = call.args.iter().collect::<Vec<_>>()[..]
    {
        let (alarm, guard, condition) = (draft.of(&*call.receiver), draft.of(guard), draft.of(condition));
        let naps = format!(
            "{alarm}.wait_timeout_while({guard}, std::time::Duration::from_millis(5), {condition}).map(|(guard, _)| guard)"
        );
        draft.replace(AsksByTheClock, range(call), naps);
    }
}
