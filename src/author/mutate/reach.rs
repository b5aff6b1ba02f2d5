//! What hidden tests can reach of a solution. The rest shows the solution at work: `main`, and what only `main` uses.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, File, Item, Type, Visibility};

/// The items that hidden tests can reach, in order: what is public, what that mentions, and so on. In a `program`, also
/// what `main` mentions, and `main` itself.
pub(super) fn tested(file: &File, program: bool) -> Vec<&Item> {
    let items: Vec<&Item> = file.items.iter().filter(|item| !is_test(attributes(item))).collect();
    let local: BTreeSet<String> = items.iter().filter_map(|item| name(item)).collect();
    let mut reached: BTreeSet<String> = items
        .iter()
        .filter(|item| is_public(item))
        .filter_map(|item| name(item))
        .chain(program.then(|| "main".to_owned()))
        .collect();
    let mut within = vec![false; items.len()];
    loop {
        let before = reached.len();
        for (item, within) in items.iter().zip(&mut within) {
            if !*within && is_reached(item, &local, &reached) {
                *within = true;
                reached.extend(mentions(item).intersection(&local).cloned());
            }
        }
        if reached.len() == before {
            break;
        }
    }
    let main = |item: &Item| name(item).as_deref() == Some("main");
    items
        .into_iter()
        .zip(within)
        .filter_map(|(item, within)| (within && (program || !main(item))).then_some(item))
        .collect()
}

/// Whether an item is compiled for tests of its own alone.
pub(super) fn is_test(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| match &attr.meta {
        syn::Meta::Path(path) => path.is_ident("test"),
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        syn::Meta::NameValue(_) => false,
    })
}

/// The name of a type, without its path and arguments.
pub(super) fn last_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        Type::Reference(reference) => last_name(&reference.elem),
        Type::Paren(paren) => last_name(&paren.elem),
        _ => None,
    }
}

/// An implementation belongs to its type; one for somebody else's type belongs to its trait.
fn is_reached(item: &Item, local: &BTreeSet<String>, reached: &BTreeSet<String>) -> bool {
    let Item::Impl(item) = item else { return name(item).is_some_and(|name| reached.contains(&name)) };
    let of_type = last_name(&item.self_ty).filter(|name| local.contains(name));
    let of_trait = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
    match of_type.or_else(|| of_trait.map(|segment| segment.ident.to_string())) {
        Some(owner) => reached.contains(&owner) || !local.contains(&owner),
        None => true,
    }
}

/// The first names of the paths in an item, without those of its own variables.
fn mentions(item: &Item) -> BTreeSet<String> {
    #[derive(Default)]
    struct Names {
        used: BTreeSet<String>,
        bound: BTreeSet<String>,
    }

    impl<'ast> Visit<'ast> for Names {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            let names = path.segments.iter().map(|segment| segment.ident.to_string());
            self.used.extend(names.skip_while(|name| name == "crate" || name == "self").take(1));
            visit::visit_path(self, path);
        }

        fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
            self.bound.insert(pat.ident.to_string());
            visit::visit_pat_ident(self, pat);
        }

        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            words(mac.tokens.clone(), &mut self.used);
            visit::visit_macro(self, mac);
        }
    }

    let mut names = Names::default();
    names.visit_item(item);
    names.used.difference(&names.bound).cloned().collect()
}

fn words(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            TokenTree::Group(group) => words(group.stream(), found),
            _ => {}
        }
    }
}

fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Mod(item) => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

fn is_public(item: &Item) -> bool {
    let visibility = match item {
        Item::Const(item) => &item.vis,
        Item::Enum(item) => &item.vis,
        Item::Fn(item) => &item.vis,
        Item::Mod(item) => &item.vis,
        Item::Static(item) => &item.vis,
        Item::Struct(item) => &item.vis,
        Item::Trait(item) => &item.vis,
        Item::Type(item) => &item.vis,
        Item::Union(item) => &item.vis,
        _ => return false,
    };
    matches!(visibility, Visibility::Public(_))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Fn(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
