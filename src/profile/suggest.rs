//! "Did you mean": the nearest of the names that are known.

/// The known name that the user probably meant.
pub(super) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wrong.chars().count();
    let most = (length / 3).clamp(1, 3).min(length.saturating_sub(1));
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// A hint for a wrong name: the nearest known one, else all of them.
pub(super) fn hint<'a>(wrong: &str, kind: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    // Distances to a huge name cost time and help nobody.
    let nearest = if wrong.len() > 100 { None } else { nearest(wrong, known.iter().copied()) };
    match nearest {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => format!("there are no {kind}"),
        None => format!("{kind}: {}", known.join(", ")),
    }
}

/// A text from the input, cut where it would flood the screen.
pub(super) fn quoted(text: &str) -> String {
    if text.chars().count() <= 60 {
        return format!("`{text}`");
    }
    let start: String = text.chars().take(57).collect();
    format!("`{start}...`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_finds_typos_and_leaves_strangers() {
        assert_eq!(nearest("projcet", ["project", "ports"]), Some("project"));
        assert_eq!(nearest("DependsOn", ["dependsOn"]), Some("dependsOn"));
        assert_eq!(nearest("x", ["project", "ports"]), None);
        assert_eq!(nearest("b", ["a"]), None);
        assert_eq!(nearest("A", ["a"]), Some("a"));
    }

    #[test]
    fn quoted_cuts_long_text() {
        assert_eq!(quoted("a"), "`a`");
        assert_eq!(quoted(&"a".repeat(100)).len(), 62);
    }
}
