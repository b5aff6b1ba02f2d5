//! The functions and modules at the top level of a text, found by lexing alone.

use std::mem::take;
use std::ops::Range;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

use super::refusal;

/// The head of a function or a module at the top level of a file, or of a module.
pub(super) struct Item {
    pub(super) attributes: Vec<Attribute>,
    pub(super) is_async: bool,
    pub(super) is_module: bool,
    pub(super) name: Ident,
    /// Its `pub`, or the place for one.
    pub(super) visibility: Range<usize>,
    /// What is between the braces of its body.
    pub(super) body: Range<usize>,
    pub(super) inside: TokenStream,
    /// Whether a line of its body stands behind `cfg(refused)`. Of a function nobody asks.
    pub(super) is_set_apart: bool,
}

/// An attribute, and where it stands from its `#` to its `]`.
pub(super) struct Attribute {
    pub(super) span: Range<usize>,
    pub(super) line: usize,
    pub(super) content: TokenStream,
}

pub(super) fn items(tokens: TokenStream) -> Vec<Item> {
    let mut found = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    let mut attributes = Vec::new();
    // What has been seen of the item that the next token belongs to could be the head of a function or a module.
    let (mut is_head, mut is_async) = (true, false);
    // The next braces are the body of the last one.
    let mut in_item = false;
    let mut visibility: Option<Range<usize>> = None;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(hash) if is_head && hash.as_char() == '#' => {
                // `#![…]` and `//!` are about what is around them.
                let is_mark =
                    |next: &TokenTree| matches!(next, TokenTree::Punct(mark) if mark.as_char() == '!');
                let is_inner = tokens.next_if(is_mark).is_some();
                let group = tokens.next_if(|next| matches!(next, TokenTree::Group(_)));
                if let Some(TokenTree::Group(group)) = group.filter(|_| !is_inner) {
                    attributes.push(Attribute {
                        span: hash.span().byte_range().start..group.span().byte_range().end,
                        line: line(hash.span()),
                        content: group.stream(),
                    });
                }
            }
            TokenTree::Ident(ident) if is_head => {
                let word = ident.to_string();
                let at = ident.span().byte_range();
                let visibility =
                    visibility.get_or_insert(if word == "pub" { at } else { at.start..at.start });
                match word.as_str() {
                    "pub" | "const" | "unsafe" | "extern" => {}
                    "async" => is_async = true,
                    keyword @ ("fn" | "mod") => {
                        if let Some(TokenTree::Ident(name)) = tokens.next() {
                            found.push(Item {
                                attributes: take(&mut attributes),
                                is_async,
                                is_module: keyword == "mod",
                                name,
                                visibility: visibility.clone(),
                                body: 0..0,
                                inside: TokenStream::new(),
                                is_set_apart: false,
                            });
                            in_item = true;
                        }
                        is_head = false;
                    }
                    _ => is_head = false,
                }
            }
            // `pub(crate)` and `extern "C"`.
            TokenTree::Literal(_) if is_head => {}
            TokenTree::Group(group) if is_head && group.delimiter() == Delimiter::Parenthesis => {
                if let Some(visibility) = &mut visibility {
                    visibility.end = group.span().byte_range().end;
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                if let Some(item) = found.last_mut().filter(|_| take(&mut in_item)) {
                    item.body = group.span_open().byte_range().end..group.span_close().byte_range().start;
                    item.is_set_apart = item.is_module && refusal::is_mentioned(group.stream());
                    item.inside = group.stream();
                }
                (is_head, is_async, visibility) = (true, false, None);
                attributes.clear();
            }
            TokenTree::Punct(end) if end.as_char() == ';' => {
                (is_head, is_async, in_item, visibility) = (true, false, false, None);
                attributes.clear();
            }
            _ => is_head = false,
        }
    }
    found
}

/// The line of a place, from 1.
pub(super) fn line(span: Span) -> usize {
    span.start().line
}
