//! The branches of `select!`, whose syntax is its own.

use std::ops::Range;

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr, Pat, Token};

use super::Operator::{DropBiased, DropBranch, DropGuard};
use crate::author::mutate::source::{Draft, range};

/// What is between the braces of a `select!`.
pub(in crate::author::mutate) struct Select {
    biased: Option<Range<usize>>,
    pub(in crate::author::mutate) branches: Vec<Branch>,
}

/// `pattern = future, if guard => handler`, or `else => handler`.
pub(in crate::author::mutate) struct Branch {
    /// With the comma behind it.
    whole: Range<usize>,
    future: Option<Expr>,
    /// From its comma on.
    guard: Option<(Range<usize>, Expr)>,
    handler: Expr,
}

impl Branch {
    pub(in crate::author::mutate) fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let guard = self.guard.as_ref().map(|(_, guard)| guard);
        self.future.iter().chain(guard).chain([&self.handler])
    }
}

impl Select {
    pub(in crate::author::mutate) fn parse(tokens: TokenStream) -> syn::Result<Self> {
        <Self as Parse>::parse.parse2(tokens)
    }
}

impl Parse for Select {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let fork = input.fork();
        let mut biased = None;
        if fork.parse::<syn::Ident>().is_ok_and(|word| word == "biased") && fork.peek(Token![;]) {
            let start = range(&input.parse::<syn::Ident>()?).start;
            biased = Some(start..range(&input.parse::<Token![;]>()?).end);
        }
        let mut branches = Vec::new();
        while !input.is_empty() {
            branches.push(input.parse()?);
        }
        Ok(Self { biased, branches })
    }
}

impl Parse for Branch {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let start = input.span().byte_range().start;
        let (mut future, mut guard) = (None, None);
        if input.parse::<Option<Token![else]>>()?.is_none() {
            Pat::parse_multi(input)?;
            input.parse::<Token![=]>()?;
            future = Some(input.parse()?);
            if input.peek(Token![,]) {
                let comma = range(&input.parse::<Token![,]>()?);
                input.parse::<Token![if]>()?;
                let condition: Expr = input.parse()?;
                guard = Some((comma.start..range(&condition).end, condition));
            }
        }
        input.parse::<Token![=>]>()?;
        let handler = Expr::parse_with_earlier_boundary_rule(input)?;
        let end = match input.parse::<Option<Token![,]>>()? {
            Some(comma) => range(&comma).end,
            None => range(&handler).end,
        };
        Ok(Self { whole: start..end, future, guard, handler })
    }
}

/// Leaves out what decides between the branches, and each of them.
pub(in crate::author::mutate) fn branches(select: &Select, draft: &mut Draft<'_>) {
    if let Some(biased) = &select.biased {
        draft.delete_lines(DropBiased, biased.clone());
    }
    for branch in &select.branches {
        if select.branches.len() > 1 {
            draft.delete_lines(DropBranch, branch.whole.clone());
        }
        if let Some((guard, _)) = &branch.guard {
            draft.replace(DropGuard, guard.clone(), "");
        }
    }
}
