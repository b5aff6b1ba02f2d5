//! A function that does nothing and returns a default value.

use syn::{Block, ReturnType, Signature, Type};

use super::Operator::ReplaceBody;
use crate::author::mutate::reach::last_name;
use crate::author::mutate::source::{Draft, range};

/// Replaces the statements of a function.
pub(in crate::author::mutate) fn function(signature: &Signature, block: &Block, draft: &mut Draft<'_>) {
    let (Some(first), Some(last)) = (block.stmts.first(), block.stmts.last()) else { return };
    let whole = range(first).start..range(last).end;
    for value in defaults(&signature.output) {
        if value.is_empty() {
            draft.delete_lines(ReplaceBody, whole.clone());
        } else {
            draft.replace(ReplaceBody, whole.clone(), *value);
        }
    }
}

/// What a function of this type could return without any work; nothing where there is no telling.
fn defaults(output: &ReturnType) -> &'static [&'static str] {
    let ReturnType::Type(_, ty) = output else { return &[""] };
    match &**ty {
        Type::Tuple(tuple) if tuple.elems.is_empty() => &[""],
        Type::Tuple(_) | Type::Array(_) => &["Default::default()"],
        Type::ImplTrait(ty) if ty.bounds.iter().any(is_future) => &["async { Default::default() }"],
        Type::Path(_) => match last_name(ty).as_deref() {
            Some("Self") | None => &[],
            Some("bool") => &["true", "false"],
            Some("Poll") => &["std::task::Poll::Pending", "std::task::Poll::Ready(Default::default())"],
            Some("Option") => &["None"],
            Some("Result") => &["Ok(Default::default())"],
            Some(_) => &["Default::default()"],
        },
        _ => &[],
    }
}

fn is_future(bound: &syn::TypeParamBound) -> bool {
    matches!(bound, syn::TypeParamBound::Trait(bound)
        if bound.path.segments.last().is_some_and(|segment| segment.ident == "Future"))
}
