//! What a heading is called in links.

/// The name of a heading in links, as hosts of Markdown make it: small letters, hyphens for spaces, no other signs.
#[must_use]
pub fn anchor_of(heading: &str) -> String {
    let heading = heading.to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_go_and_spaces_become_hyphens() {
        assert_eq!(anchor_of("`rt_spawn`: which executor?"), "rt_spawn-which-executor");
    }
}
