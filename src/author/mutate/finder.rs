//! The walk through a solution: each node is shown to each operator.

use std::collections::BTreeSet;
use std::ops::Range;

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Item, Macro, Signature, Token, Visibility};

use super::operators::select::Select;
use super::operators::{
    bodies, calls, flow, handles, locks, nothing, plans, polls, select, spawns, statements, values, waits,
};
use super::reach::{is_test, last_name};
use super::source::{Draft, Edit};

/// Collects the edits of all operators.
pub(super) struct Finder<'s> {
    draft: Draft<'s>,
    found: Vec<(String, Edit)>,
    /// The names of what encloses the current node.
    within: Vec<String>,
    /// Method calls that are a statement by themselves: leaving them out is the deletion of the statement.
    whole: BTreeSet<(usize, usize)>,
    /// Awaits whose values nobody uses.
    unused: BTreeSet<(usize, usize)>,
}

impl<'s> Finder<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self {
            draft: Draft::new(source),
            found: Vec::new(),
            within: Vec::new(),
            whole: BTreeSet::new(),
            unused: BTreeSet::new(),
        }
    }

    /// Looks at one item of the file.
    pub(super) fn look(&mut self, item: &Item) {
        self.visit_item(item);
    }

    /// Every edit with the name of what it is in.
    pub(super) fn into_edits(self) -> Vec<(String, Edit)> {
        self.found
    }

    /// Files what the operators noted under the current place.
    fn file(&mut self) {
        let within = self.within.join("::");
        self.found.extend(self.draft.take().into_iter().map(|edit| (within.clone(), edit)));
    }

    fn inside(&mut self, name: String, look: impl FnOnce(&mut Self)) {
        self.within.push(name);
        look(self);
        self.within.pop();
    }

    fn function(
        &mut self,
        attrs: &[syn::Attribute],
        visibility: &Visibility,
        signature: &Signature,
        block: &Block,
    ) {
        if is_test(attrs) {
            return;
        }
        self.inside(signature.ident.to_string(), |finder| {
            bodies::function(signature, block, &mut finder.draft);
            polls::function(signature, block, &mut finder.draft);
            handles::function(signature, block, &mut finder.draft);
            locks::function(signature, block, &mut finder.draft);
            if matches!(visibility, Visibility::Public(_)) {
                calls::function(signature, block, &mut finder.draft);
                nothing::function(signature, block, &mut finder.draft);
            }
            finder.file();
            finder.visit_block(block);
        });
    }

    /// Whether anybody looks at the value of an await, or of what is called on it.
    fn is_used(&self, expr: &Expr) -> bool {
        let awaited = match expr {
            Expr::MethodCall(call) => &call.receiver,
            other => other,
        };
        !self.unused.contains(&ends(super::source::range(awaited)))
    }

    fn select(&mut self, select: &Select) {
        for branch in &select.branches {
            for expr in branch.expressions() {
                self.visit_expr(expr);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            self.inside(module.ident.to_string(), |finder| visit::visit_item_mod(finder, module));
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(&function.attrs, &function.vis, &function.sig, &function.block);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.function(&function.attrs, &function.vis, &function.sig, &function.block);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.function(&function.attrs, &Visibility::Inherited, &function.sig, block);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let name = last_name(&item.self_ty).unwrap_or_else(|| "impl".to_owned());
        self.inside(name, |finder| visit::visit_item_impl(finder, item));
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.inside(item.ident.to_string(), |finder| visit::visit_item_trait(finder, item));
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.inside(item.ident.to_string(), |finder| visit::visit_item_const(finder, item));
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.inside(item.ident.to_string(), |finder| visit::visit_item_static(finder, item));
    }

    fn visit_block(&mut self, block: &'ast Block) {
        statements::block(block, &mut self.draft);
        locks::block(block, &mut self.draft);
        for stmt in &block.stmts {
            handles::statement(stmt, &mut self.draft);
            nothing::statement(stmt, &mut self.draft);
        }
        self.file();
        self.whole.extend(block.stmts.iter().filter_map(statements::method_call_of).map(ends));
        self.unused.extend(block.stmts.iter().filter_map(statements::unused_await_of).map(ends));
        visit::visit_block(self, block);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        plans::expr(expr, &mut self.draft);
        flow::expr(expr, &mut self.draft);
        values::expr(expr, &mut self.draft);
        nothing::expr(expr, &mut self.draft);
        let used = self.is_used(expr);
        waits::expr(expr, used, &mut self.draft);
        handles::expr(expr, used, &mut self.draft);
        match expr {
            Expr::Call(call) => {
                spawns::function(call, &mut self.draft);
                calls::call(call, &mut self.draft);
            }
            Expr::MethodCall(call) => {
                polls::method_call(call, &mut self.draft);
                spawns::method_call(call, &mut self.draft);
                calls::method_call(call, &mut self.draft);
            }
            _ => {}
        }
        if let Expr::MethodCall(call) = expr
            && !self.whole.contains(&ends(super::source::range(call)))
        {
            values::method_call(call, &mut self.draft);
        }
        self.file();
        visit::visit_expr(self, expr);
    }

    fn visit_expr_lit(&mut self, literal: &'ast syn::ExprLit) {
        values::literal(&literal.lit, &mut self.draft);
        self.file();
    }

    fn visit_pat_guard(&mut self, guard: &'ast syn::PatGuard) {
        flow::guard(guard, &mut self.draft);
        self.file();
        visit::visit_pat_guard(self, guard);
    }

    /// What most macros are given is a list of expressions. One that takes something else is left alone.
    fn visit_macro(&mut self, mac: &'ast Macro) {
        plans::mac(mac, &mut self.draft);
        waits::mac(mac, &mut self.draft);
        let name = mac.path.segments.last().map(|segment| segment.ident.to_string());
        if name.as_deref() == Some("select") {
            if let Ok(select) = Select::parse(mac.tokens.clone()) {
                select::branches(&select, &mut self.draft);
                self.file();
                self.select(&select);
            }
            return;
        }
        self.file();
        let list = Punctuated::<Expr, Token![,]>::parse_terminated;
        let repeated = Punctuated::<Expr, Token![;]>::parse_separated_nonempty;
        let tokens = || mac.tokens.clone();
        let expressions: Vec<Expr> = match list.parse2(tokens()) {
            Ok(list) => list.into_iter().collect(),
            Err(_) => repeated.parse2(tokens()).map(|list| list.into_iter().collect()).unwrap_or_default(),
        };
        for expr in &expressions {
            self.visit_expr(expr);
        }
    }
}

fn ends(range: Range<usize>) -> (usize, usize) {
    (range.start, range.end)
}
