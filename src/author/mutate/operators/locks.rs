//! Locks held too long or not long enough, and what is kept under them for whoever waits.

use syn::visit::{self, Visit};
use syn::{Block, Expr, Local, Pat, Signature, Stmt};

use super::Operator::{KeepsFirstWaker, RaisesFlagLate, SplitsLock, WidensLock};
use super::polls;
use super::statements::words;
use crate::author::mutate::source::{Draft, range};

/// A `let` that takes a lock: the guard's name, and how it is taken.
struct Guard<'a> {
    name: String,
    local: &'a Local,
    lock: &'a Expr,
}

/// Holds a lock longer; keeps the waker that is there already.
pub(in crate::author::mutate) fn block(block: &Block, draft: &mut Draft<'_>) {
    for stmt in &block.stmts {
        if let Some((local, inner)) = block_of(stmt)
            && let [first, ..] = inner.stmts.as_slice()
            && guard(first).is_some()
        {
            let start = range(local).start;
            let moved = format!("{} ", draft.of(first));
            let gone = draft.with_lines(range(first));
            draft.change(WidensLock, vec![(start..start, moved), (gone, String::new())], None);
        }
        if let Stmt::Expr(expr, Some(_)) = stmt {
            keep_first(expr, draft);
        }
    }
}

/// Takes a lock twice, or raises a flag at the end of a function and not under the lock under which wakers are taken.
pub(in crate::author::mutate) fn function(signature: &Signature, block: &Block, draft: &mut Draft<'_>) {
    struct Blocks<'b>(Vec<&'b Block>);

    impl<'b> Visit<'b> for Blocks<'b> {
        fn visit_block(&mut self, block: &'b Block) {
            self.0.push(block);
            visit::visit_block(self, block);
        }
    }

    let mut blocks = Blocks(Vec::new());
    blocks.visit_block(block);
    let context = polls::context(signature);
    for block in blocks.0 {
        for (at, stmt) in block.stmts.iter().enumerate() {
            if let Some(guard) = guard(stmt) {
                split(&guard, &block.stmts[at + 1..], context.as_deref(), draft);
            }
        }
    }
    late(block, draft);
}

fn late(block: &Block, draft: &mut Draft<'_>) {
    let Some(last) = block.stmts.last() else { return };
    let end = range(last).end;
    for (_, inner) in block.stmts.iter().filter_map(block_of) {
        let [first, rest @ ..] = inner.stmts.as_slice() else { continue };
        let Some(guard) = guard(first) else { continue };
        for stmt in rest {
            if let Stmt::Expr(Expr::Assign(assign), Some(_)) = stmt
                && let Expr::Field(flag) = &*assign.left
                && draft.of(&*flag.base) == guard.name
                && matches!(&*assign.right, Expr::Lit(_))
            {
                let (lock, raised) = (draft.of(guard.lock), draft.of(stmt));
                let late = format!(" {lock}{}", &raised[guard.name.len()..]);
                let gone = draft.with_lines(range(stmt));
                draft.change(RaisesFlagLate, vec![(gone, String::new()), (end..end, late)], None);
            }
        }
    }
}

/// Between the locks it takes a waker from its context, as whoever writes `lock().waker = Some(waker)` does.
fn split(guard: &Guard<'_>, rest: &[Stmt], context: Option<&str>, draft: &mut Draft<'_>) {
    let mentions = |stmt: &Stmt, draft: &Draft<'_>| words(draft.of(stmt)).contains(&guard.name);
    let waker = context.map(|context| format!(" drop({context}.waker().clone());")).unwrap_or_default();
    let gone = format!("drop({});", guard.name);
    for (at, stmt) in rest.iter().enumerate() {
        let (done, left) = rest.split_at(at + 1);
        let used = done.iter().any(|stmt| mentions(stmt, draft));
        let needed = left.iter().any(|stmt| mentions(stmt, draft) && draft.of(stmt) != gone);
        let other = done.iter().any(|stmt| draft.of(stmt) == gone || is_bound(&guard.name, stmt));
        if used && needed && !other && !raises(stmt) {
            let end = range(stmt).end;
            let again = format!(" {gone}{waker} {}", draft.of(guard.local));
            draft.replace(SplitsLock, end..end, again);
        }
    }
}

/// Whether a statement sets a flag: whoever comes behind it finds it set.
fn raises(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Expr(Expr::Assign(assign), _) if matches!(&*assign.right, Expr::Lit(_)))
}

fn is_bound(name: &str, stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Local(Local { pat: Pat::Ident(pat), .. }) if pat.ident == name)
}

/// Keeps the waker that is there already.
fn keep_first(expr: &Expr, draft: &mut Draft<'_>) {
    match expr {
        Expr::Assign(assign) => {
            let (place, value) = (draft.of(&*assign.left), draft.of(&*assign.right));
            if value.starts_with("Some(") && value.contains("waker") {
                let kept = format!("if {place}.is_none() {{ {place} = {value}; }}");
                draft.replace(KeepsFirstWaker, range(expr), kept);
            }
        }
        Expr::MethodCall(call) if call.method == "push" => {
            let list = draft.of(&*call.receiver);
            if list.contains("waker") {
                let kept = format!("if {list}.is_empty() {{ {}; }}", draft.of(expr));
                draft.replace(KeepsFirstWaker, range(expr), kept);
            }
        }
        _ => {}
    }
}

fn guard(stmt: &Stmt) -> Option<Guard<'_>> {
    let Stmt::Local(local) = stmt else { return None };
    let Pat::Ident(name) = &local.pat else { return None };
    let lock = &*local.init.as_ref()?.expr;
    let Expr::MethodCall(unwrap) = lock else { return None };
    let Expr::MethodCall(call) = &*unwrap.receiver else { return None };
    (unwrap.method == "unwrap" && call.method == "lock").then(|| Guard {
        name: name.ident.to_string(),
        local,
        lock,
    })
}

/// A `let` whose value is a block.
fn block_of(stmt: &Stmt) -> Option<(&Local, &Block)> {
    let Stmt::Local(local) = stmt else { return None };
    match &*local.init.as_ref()?.expr {
        Expr::Block(block) => Some((local, &block.block)),
        _ => None,
    }
}
