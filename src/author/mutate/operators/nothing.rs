//! Values that are taken for none, and equal values that get lost.

use syn::{Expr, FnArg, Local, Pat, Signature, Stmt, Type};

use super::Operator::{LosesEqual, LosesRepeated, SendsWithoutWaiting, TakesZeroForNothing};
use super::statements::words;
use super::syntax::tight;
use crate::author::mutate::helpers::Helpers;
use crate::author::mutate::source::{Draft, range};

/// Does not accept 0 or an empty text as an argument.
pub(in crate::author::mutate) fn function(signature: &Signature, block: &syn::Block, draft: &mut Draft<'_>) {
    let start = range(&block.brace_token.span.open()).end;
    for input in &signature.inputs {
        if let FnArg::Typed(input) = input
            && let Pat::Ident(name) = &*input.pat
            && is_plain(&input.ty)
        {
            let look = Helpers::Values.call("something", &format!("&{}", name.ident));
            draft.help(TakesZeroForNothing, start..start, format!(" {look};"), Helpers::Values);
        }
    }
}

/// Loses values of a loop, of a list or of a channel.
pub(in crate::author::mutate) fn expr(expr: &Expr, draft: &mut Draft<'_>) {
    match expr {
        Expr::ForLoop(found) => {
            let text = draft.of(&*found.expr);
            let inspected = format!(
                "{}.into_iter().inspect(|value| {{ {}; }})",
                tight(&found.expr, text),
                Helpers::Values.call("something", "value")
            );
            let body = words(draft.of(&found.body));
            if let Some(name) = bound(&found.pat)
                && is_value(&name, draft.of(&found.body))
                && body.contains(&name)
            {
                draft.help(TakesZeroForNothing, range(&*found.expr), inspected, Helpers::Values);
                repeated(&name, &found.body, draft);
            }
        }
        Expr::While(found) => {
            if let Expr::Let(condition) = &*found.cond
                && let Pat::TupleStruct(some) = &*condition.pat
                && let [pat] = some.elems.iter().collect::<Vec<_>>()[..]
                && let Some(name) = bound(pat)
            {
                repeated(&name, &found.body, draft);
            }
        }
        Expr::Index(found) => {
            let value = Helpers::Values.call("something", &format!("&{}", draft.of(found)));
            draft.help(TakesZeroForNothing, range(found), format!("*{value}"), Helpers::Values);
        }
        Expr::Await(found) => {
            if let Expr::MethodCall(call) = &*found.base
                && call.method == "send"
                && let [value] = call.args.iter().collect::<Vec<_>>()[..]
            {
                let (sender, value) = (draft.of(&*call.receiver), draft.of(value));
                let arguments = format!("{sender}.try_send({value})");
                draft.call(SendsWithoutWaiting, range(found), Helpers::Values, "sent", &arguments);
            }
        }
        _ => {}
    }
}

/// Does not take what is there already, or what an `Option` holds.
pub(in crate::author::mutate) fn statement(stmt: &Stmt, draft: &mut Draft<'_>) {
    match stmt {
        Stmt::Expr(Expr::MethodCall(call), Some(_)) if call.method == "push" => {
            let [value] = call.args.iter().collect::<Vec<_>>()[..] else { return };
            let (list, value) = (draft.of(&*call.receiver), draft.of(value));
            if !value.contains("spawn") && !list.contains("waker") {
                let once =
                    format!("{{ let item = {value}; if !{list}.contains(&item) {{ {list}.push(item); }} }}");
                draft.replace(LosesEqual, range(call), once);
            }
        }
        Stmt::Local(Local { init: Some(init), pat: Pat::TupleStruct(_), .. })
            if init.diverge.is_some() && !draft.of(&*init.expr).contains(".await") =>
        {
            let text = tight(&init.expr, draft.of(&*init.expr));
            let look = Helpers::Values.call("something", "value");
            let inspected = format!("{text}.inspect(|value| {{ {look}; }})");
            draft.help(TakesZeroForNothing, range(&*init.expr), inspected, Helpers::Values);
        }
        _ => {}
    }
}

fn repeated(name: &str, body: &syn::Block, draft: &mut Draft<'_>) {
    let start = range(&body.brace_token.span.open()).end;
    let is_repeated = Helpers::Values.call("is_repeated", &format!("&{name}"));
    draft.help(LosesRepeated, start..start, format!(" if {is_repeated} {{ continue; }}"), Helpers::Values);
}

/// The last name that a pattern of names binds.
fn bound(pat: &Pat) -> Option<String> {
    match pat {
        Pat::Ident(name) if name.mutability.is_none() => Some(name.ident.to_string()),
        Pat::Reference(inner) => bound(&inner.pat),
        Pat::Tuple(tuple) => tuple.elems.last().and_then(bound),
        _ => None,
    }
}

/// Whether what a loop goes through are values, not futures, handles or wakers.
fn is_value(name: &str, body: &str) -> bool {
    let uses = [format!("spawn({name})"), format!("{name}.await"), format!("{name}.wake")];
    !uses.iter().any(|with| body.contains(with.as_str()))
}

fn is_plain(ty: &Type) -> bool {
    const PLAIN: &[&str] = &["str", "String", "u8", "u16", "u32", "u64", "usize", "i32", "i64", "Duration"];
    crate::author::mutate::reach::last_name(ty).is_some_and(|name| PLAIN.contains(&name.as_str()))
}
