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
