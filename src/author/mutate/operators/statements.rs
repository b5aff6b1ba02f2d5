//! Statements left out, and statements in another order.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Block, Expr, Local, Pat, Stmt};

use super::Operator::{
    self, DeleteAbort, DeleteDrop, DeleteFlush, DeleteStatement, DeleteWake, SwapStatements,
};
use super::syntax::callee;
use crate::author::mutate::source::{Draft, range};

/// Leaves each statement out, and swaps each with the next.
pub(in crate::author::mutate) fn block(block: &Block, draft: &mut Draft<'_>) {
    let last = block.stmts.len().saturating_sub(1);
    for (index, stmt) in block.stmts.iter().enumerate() {
        if let Some(operator) = deletion(stmt, index == last, draft) {
            draft.delete_lines(operator, range(stmt));
        }
    }
    for pair in block.stmts.windows(2) {
        let (first, second) = (&pair[0], &pair[1]);
        if movable(first, false) && movable(second, true) && !ordered(first, second, draft) {
            let (a, b) = (range(first), range(second));
            let between = draft.at(a.end..b.start);
            let text = [draft.of(second), between, draft.of(first)].concat();
            draft.replace(SwapStatements, a.start..b.end, text);
        }
    }
}

/// The method call that a statement consists of, with its `await` and `?` set aside.
pub(in crate::author::mutate) fn method_call_of(stmt: &Stmt) -> Option<Range<usize>> {
    let Stmt::Expr(expr, Some(_)) = stmt else { return None };
    match bare(expr) {
        Expr::MethodCall(call) => Some(range(call)),
        _ => None,
    }
}

/// The await whose value a statement does not use, but for asking whether it is an error.
pub(in crate::author::mutate) fn unused_await_of(stmt: &Stmt) -> Option<Range<usize>> {
    fn within(expr: &Expr) -> Option<Range<usize>> {
        match expr {
            Expr::Await(_) => Some(range(expr)),
            Expr::Try(found) => within(&found.expr),
            Expr::MethodCall(call) if call.method == "expect" || call.method == "unwrap" => {
                within(&call.receiver)
            }
            _ => None,
        }
    }
    let Stmt::Expr(expr, Some(_)) = stmt else { return None };
    within(expr)
}

fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Await(found) => bare(&found.base),
        Expr::Try(found) => bare(&found.expr),
        other => other,
    }
}

/// By which name a statement is left out, if it can be without the compiler's objection.
fn deletion(stmt: &Stmt, last: bool, draft: &Draft<'_>) -> Option<Operator> {
    match stmt {
        Stmt::Expr(expr, Some(_)) => Some(name(expr)),
        Stmt::Expr(expr, None) if is_block(expr) && (!last || is_unit(expr)) => Some(DeleteStatement),
        Stmt::Macro(found) if found.semi_token.is_some() || !last => Some(DeleteStatement),
        Stmt::Local(local) => spare(local, draft).then_some(DeleteStatement),
        _ => None,
    }
}

fn name(expr: &Expr) -> Operator {
    match bare(expr) {
        Expr::Call(call) if callee(call).as_deref() == Some("drop") => DeleteDrop,
        Expr::MethodCall(call) => match call.method.to_string().as_str() {
            "wake" | "wake_by_ref" | "unpark" | "notify_one" | "notify_all" | "notify_waiters" => DeleteWake,
            "flush" | "shutdown" => DeleteFlush,
            "abort" | "abort_all" => DeleteAbort,
            _ => DeleteStatement,
        },
        _ => DeleteStatement,
    }
}

/// Whether what follows may compile without this `let`: it binds nothing that is used, or a name that was there before.
fn spare(local: &Local, draft: &Draft<'_>) -> bool {
    let names = bound(&local.pat);
    let initial = local.init.as_ref().map(|init| words(draft.of(&*init.expr))).unwrap_or_default();
    names.iter().all(|name| name.starts_with('_') || initial.contains(name))
}

fn is_block(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::If(_) | Expr::Match(_) | Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) | Expr::Block(_)
    )
}

/// Whether an expression at the end of a block is there for its effect.
fn is_unit(expr: &Expr) -> bool {
    match expr {
        Expr::ForLoop(_) | Expr::While(_) => true,
        Expr::If(found) => found.else_branch.is_none(),
        _ => false,
    }
}

/// Whether a statement has an effect of its own and lets execution go on behind it.
fn movable(stmt: &Stmt, last: bool) -> bool {
    match stmt {
        Stmt::Expr(Expr::Return(_) | Expr::Break(_) | Expr::Continue(_), _) => false,
        Stmt::Expr(_, Some(_)) => true,
        Stmt::Expr(expr, None) => is_block(expr) && (!last || is_unit(expr)),
        Stmt::Macro(found) => found.semi_token.is_some(),
        Stmt::Local(local) => !is_quiet(local),
        Stmt::Item(_) => false,
    }
}

/// Whether two statements cannot change places: one binds a name that the other mentions.
fn ordered(first: &Stmt, second: &Stmt, draft: &Draft<'_>) -> bool {
    let uses = |stmt: &Stmt, other: &Stmt| match other {
        Stmt::Local(local) => {
            let words = words(draft.of(stmt));
            bound(&local.pat).iter().any(|name| words.contains(name))
        }
        _ => false,
    };
    uses(first, second) || uses(second, first)
}

/// Whether it cannot be seen when a `let` happens: it calls nothing but constructors of the standard library.
fn is_quiet(local: &Local) -> bool {
    struct Calls(bool);

    impl<'ast> Visit<'ast> for Calls {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            self.0 |= match expr {
                Expr::Call(call) => !matches!(
                    callee(call).as_deref(),
                    Some("new" | "default" | "with_capacity" | "from" | "Some" | "Ok" | "clone" | "channel")
                ),
                Expr::MethodCall(call) => {
                    call.method != "clone" && call.method != "len" && call.method != "get_mut"
                }
                Expr::Macro(found) => !found.mac.path.is_ident("pin") && !found.mac.path.is_ident("vec"),
                Expr::Await(_) | Expr::Try(_) | Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => true,
                Expr::Closure(_) | Expr::Async(_) => return,
                _ => false,
            };
            visit::visit_expr(self, expr);
        }
    }

    let mut calls = Calls(false);
    calls.visit_local(local);
    !calls.0
}

/// The names that a pattern binds.
fn bound(pat: &Pat) -> BTreeSet<String> {
    #[derive(Default)]
    struct Names(BTreeSet<String>);

    impl<'ast> Visit<'ast> for Names {
        fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
            self.0.insert(pat.ident.to_string());
            visit::visit_pat_ident(self, pat);
        }
    }

    let mut names = Names::default();
    names.visit_pat(pat);
    names.0
}

/// Every word of a text, those inside macros too.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    fn collect(tokens: TokenStream, found: &mut BTreeSet<String>) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    found.insert(ident.to_string());
                }
                TokenTree::Group(group) => collect(group.stream(), found),
                _ => {}
            }
        }
    }

    let mut found = BTreeSet::new();
    // A piece of a file that parses is made of tokens, too.
    if let Ok(tokens) = text.parse() {
        collect(tokens, &mut found);
    }
    found
}
