//! What names may look like.

/// Small letters, digits and single underscores, a letter first: what names a step or a tier.
#[must_use]
pub fn is_snake_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.ends_with('_')
        && !name.contains("__")
}

/// Whether a chapter can have this id: `NN_name`.
#[must_use]
pub fn is_chapter_id(id: &str) -> bool {
    let (number, name) = id.split_at_checked(2).unwrap_or_default();
    number.chars().all(|c| c.is_ascii_digit()) && name.strip_prefix('_').is_some_and(is_snake_case)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        assert!(is_snake_case("lazy_call2"));
        for bad in ["", "Lazy", "lazy-call", "2lazy", "_lazy", "lazy_", "la__zy", "la/zy"] {
            assert!(!is_snake_case(bad), "{bad}");
        }
        assert!(is_chapter_id("01_inert_plans"));
        for bad in ["", "1_inert", "01inert", "inert", "01_", "001_inert", "é1_x"] {
            assert!(!is_chapter_id(bad), "{bad}");
        }
    }
}
