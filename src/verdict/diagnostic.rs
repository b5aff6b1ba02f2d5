//! What the compiler said about the learner's file.

/// One message of the compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub level: Level,
    /// `E0728`, `unused_must_use`, `clippy::await_holding_lock`.
    pub code: Option<String>,
    /// rustc's first line.
    pub message: String,
    /// Where; `None` when it concerns the file as a whole.
    pub place: Option<Place>,
    /// rustc's whole text, plain, as a terminal would show it.
    pub rendered: String,
    /// What it means in the workbook's words.
    pub coach: Option<String>,
}

impl Diagnostic {
    /// Whether both say the same of the same place: one mistake, for which the compiler has several reasons.
    #[must_use]
    pub fn is_beside(&self, other: &Self) -> bool {
        self.place.is_some()
            && (self.level, &self.code, &self.message, &self.place)
                == (other.level, &other.code, &other.message, &other.place)
    }

    /// Whether the compiler's only help is to ask more of a generic type. Of several reasons that one is rarely the cause.
    fn blames_a_generic(&self) -> bool {
        self.rendered.contains("help: consider further restricting")
    }
}

/// Puts errors before warnings, and those about one place together, the one that says most about the cause first.
pub(super) fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(|diagnostic| diagnostic.level);
    let mut sorted: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics.drain(..) {
        let group = sorted.iter().rposition(|earlier| earlier.is_beside(&diagnostic));
        let Some(last) = group else {
            sorted.push(diagnostic);
            continue;
        };
        let first = sorted.iter().position(|earlier| earlier.is_beside(&diagnostic)).unwrap_or(last);
        let before_generics = (first..=last)
            .find(|&at| sorted[at].blames_a_generic())
            .filter(|_| !diagnostic.blames_a_generic());
        sorted.insert(before_generics.unwrap_or(last + 1), diagnostic);
    }
    *diagnostics = sorted;
}

/// How bad a [`Diagnostic`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Compilation cannot go on.
    Error,
    /// Worth a look.
    Warning,
    /// A remark.
    Note,
}

/// A place in the learner's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Path below the workspace.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl Diagnostic {
    /// An error that was found without the compiler, drawn as the compiler draws its own.
    #[must_use]
    pub fn error(code: Option<&str>, message: impl Into<String>, place: Place) -> Self {
        let message = message.into();
        let Place { file, line, column } = &place;
        let rendered = format!("error: {message}\n --> {file}:{line}:{column}\n");
        let code = code.map(str::to_owned);
        Self { level: Level::Error, code, message, place: Some(place), rendered, coach: None }
    }
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

    /// Its name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: usize, rendered: &str) -> Diagnostic {
        Diagnostic {
            level: Level::Error,
            code: None,
            message: "future cannot be sent between threads safely".to_owned(),
            place: Some(Place { file: "exercises/a/b.rs".to_owned(), line, column: 3 }),
            rendered: rendered.to_owned(),
            coach: None,
        }
    }

    #[test]
    fn of_several_reasons_for_one_place_a_generic_comes_last() {
        let generic = "help: consider further restricting type parameter `F`";
        let warning = Diagnostic { level: Level::Warning, ..error(1, "warning") };
        let mut all =
            vec![warning, error(31, generic), error(40, "elsewhere"), error(31, "Rc"), error(31, "awaits")];
        sort(&mut all);
        let order: Vec<&str> = all.iter().map(|diagnostic| diagnostic.rendered.as_str()).collect();
        assert_eq!(order, ["Rc", "awaits", generic, "elsewhere", "warning"]);
    }

    #[test]
    fn messages_without_a_place_stand_alone() {
        let nowhere = Diagnostic { place: None, ..error(1, "") };
        assert!(!nowhere.is_beside(&nowhere.clone()) && error(1, "a").is_beside(&error(1, "b")));
    }
}
