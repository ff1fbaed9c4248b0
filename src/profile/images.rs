//! The image map: which image is used in place of which, and a mirror for the rest.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::InputError;
use super::raw::ImagesFile;
use super::rules::check_image;
use super::shape::Kind;
use super::source::Sources;

/// Replaces image references.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageMap {
    /// What is used instead of each reference.
    pub entries: BTreeMap<String, String>,
    /// Put before every reference that has no entry.
    pub mirror: Option<String>,
}

impl ImageMap {
    /// Loads an image map; `name` is relative to `root` or absolute.
    ///
    /// # Errors
    /// The file cannot be read, is not an image map, or maps nothing.
    pub fn load(root: &Path, name: &str) -> Result<Self, InputError> {
        let mut sources = Sources::new(root);
        let (path, shown) = sources.resolve(root, name);
        let tree =
            sources.open(&path, &shown, Kind::Images, None).and_then(|file| sources.tree(file)).cloned();
        let Some(tree) = tree.filter(|_| sources.findings.len() == 0) else {
            return Err(sources
                .into_error()
                .unwrap_or_else(|| InputError::of_file(shown, "cannot be read", None)));
        };
        let raw: ImagesFile = serde_json::from_value(tree.to_json())
            .map_err(|error| InputError::of_file(shown, format!("not an image map: {error}"), None))?;
        for (from, to) in &raw.images {
            check_image(from, tree.key_place_of(&["images".into()], from), &mut sources.findings);
            check_image(to, tree.place_of(&["images".into(), from.into()]), &mut sources.findings);
        }
        if let Some(mirror) = &raw.mirror {
            // A mirror is the beginning of a reference.
            check_image(&format!("{mirror}name"), tree.place_of(&["mirror".into()]), &mut sources.findings);
        }
        if raw.images.is_empty() && raw.mirror.is_none() {
            sources.findings.add_with_hint(
                tree.place_of(&["images".into()]),
                "nothing to map",
                "add `\"images\": {\"mongo:8.0\": \"registry.example.com/mongo:8.0\"}` or a `mirror`, or leave the map out",
            );
        }
        sources.into_error().map_or(Ok(Self { entries: raw.images, mirror: raw.mirror }), Err)
    }

    /// The reference to use in place of one.
    ///
    /// The first that fits: the reference as it is written, its full form (`docker.io/library/` and `:latest` spelled
    /// out), the mirror before the full form without `docker.io/`, the reference itself.
    pub fn apply(&self, reference: &str) -> String {
        if let Some(to) = self.entries.get(reference) {
            return to.clone();
        }
        let full = full(reference);
        if let Some((_, to)) = self.entries.iter().find(|(from, _)| self::full(from) == full) {
            return to.clone();
        }
        match &self.mirror {
            Some(mirror) => format!("{mirror}{}", full.strip_prefix("docker.io/").unwrap_or(&full)),
            None => reference.to_owned(),
        }
    }
}

/// A reference with registry, folder and tag spelled out, as Docker reads it.
fn full(reference: &str) -> String {
    let host = |first: &str| first.contains(['.', ':']) || first == "localhost";
    let mut full = match reference.split_once('/') {
        None => format!("docker.io/library/{reference}"),
        Some((first, rest)) if host(first) => {
            let first = if first == "index.docker.io" { "docker.io" } else { first };
            let folder = if first == "docker.io" && !rest.contains('/') { "library/" } else { "" };
            format!("{first}/{folder}{rest}")
        }
        Some(_) => format!("docker.io/{reference}"),
    };
    let last = full.rsplit('/').next().unwrap_or_default();
    if !last.contains([':', '@']) {
        full.push_str(":latest");
    }
    full
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)], mirror: Option<&str>) -> ImageMap {
        let entries = entries.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
        ImageMap { entries, mirror: mirror.map(ToOwned::to_owned) }
    }

    #[test]
    fn apply_takes_the_exact_reference_before_its_full_form() {
        let map = map(&[("docker.io/library/mongo:8.0", "full"), ("mongo:8.0", "short")], None);
        assert_eq!(map.apply("mongo:8.0"), "short");
        assert_eq!(map.apply("library/mongo:8.0"), "full");
    }

    #[test]
    fn apply_finds_an_entry_in_any_spelling() {
        let map = map(&[("redis:8", "a"), ("nginx", "b"), ("example/app:1", "c")], None);
        assert_eq!(map.apply("docker.io/library/redis:8"), "a");
        assert_eq!(map.apply("docker.io/redis:8"), "a");
        assert_eq!(map.apply("nginx:latest"), "b");
        assert_eq!(map.apply("index.docker.io/example/app:1"), "c");
        assert_eq!(map.apply("redis:7"), "redis:7");
    }

    #[test]
    fn apply_puts_the_mirror_before_what_is_not_listed() {
        let map = map(&[("redis:8", "a")], Some("mirror.example.com/hub/"));
        assert_eq!(map.apply("redis:8"), "a");
        assert_eq!(map.apply("mongo:8.0"), "mirror.example.com/hub/library/mongo:8.0");
        assert_eq!(
            map.apply("registry.example.com/a/b:1"),
            "mirror.example.com/hub/registry.example.com/a/b:1"
        );
    }
}
