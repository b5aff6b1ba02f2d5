//! What operators ask of the syntax.

/// The last name of a path that is called: `spawn` of `tokio::spawn(…)`.
pub(super) fn callee(call: &syn::ExprCall) -> Option<String> {
    let syn::Expr::Path(path) = &*call.func else { return None };
    last_segment(&path.path)
}

/// `spawn` of `tokio::spawn`.
pub(super) fn last_segment(path: &syn::Path) -> Option<String> {
    path.segments.last().map(|segment| segment.ident.to_string())
}

/// Whether a prefix or a method call binds to all of an expression without parentheses.
pub(super) fn is_tight(expr: &syn::Expr) -> bool {
    use syn::Expr;
    matches!(
        expr,
        Expr::Path(_)
            | Expr::Call(_)
            | Expr::MethodCall(_)
            | Expr::Field(_)
            | Expr::Macro(_)
            | Expr::Paren(_)
            | Expr::Await(_)
            | Expr::Index(_)
            | Expr::Lit(_)
    )
}

/// A text that a prefix or a method call binds to as a whole.
pub(super) fn tight(expr: &syn::Expr, text: &str) -> String {
    if is_tight(expr) { text.to_owned() } else { format!("({text})") }
}
