//! Which names are allowed, and why one is not.

/// Why a text is no name for a service, for the end of "... must".
pub fn service_fault(name: &str) -> Option<&'static str> {
    let good = name.len() <= 63
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.bytes().all(|other| other.is_ascii_lowercase() || other.is_ascii_digit() || other == b'-');
    (!good).then_some(
        "a service's name is a DNS label: at most 63 lower-case letters, digits and `-`, a letter first, no `-` last",
    )
}

/// Whether gw itself uses a name, as a store's key, a host name or a key of `ports`.
pub fn is_reserved(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "mongodb",
        "mongo",
        "redis",
        "sentinel",
        "gateway",
        "offset",
        "mongo-primary",
        "mongo-secondary",
        "mongo-init",
        "mongodb-init",
        "mongo-initiate",
        "mongodb-initiate",
        "mongodb-pods",
        "redis-pods",
        "redis-master",
        "redis-primary",
        "redis-replica",
        "redis-secondary",
        "redis-sentinel",
        "redis-init",
    ];
    let numbered = name.rsplit_once('-').filter(|(_, number)| number.parse::<u32>().is_ok());
    WORDS.contains(&name) || numbered.is_some_and(|(stem, _)| WORDS.contains(&stem))
}

/// Whether a text is a project's (Docker) and namespace's (cluster) name.
pub(super) fn is_project(name: &str) -> bool {
    name.len() <= 63
        && name.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && name
            .bytes()
            .all(|other| other.is_ascii_lowercase() || other.is_ascii_digit() || matches!(other, b'-' | b'_'))
}

/// Whether a text is a variable's name on both targets.
pub(super) fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '_' | '-' | '.'))
        && name.bytes().all(|other| other.is_ascii_alphanumeric() || matches!(other, b'_' | b'-' | b'.'))
}

/// Whether a text is a secret's name: it is also a variable's in the env file of secrets.
pub(super) fn is_secret(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|other| other.is_ascii_alphanumeric() || other == b'_')
}

/// Whether a text is a volume's or a network's name.
pub(super) fn is_resource(name: &str) -> bool {
    name.len() <= 63
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(|other| other.is_ascii_alphanumeric() || matches!(other, b'_' | b'-' | b'.'))
}

/// Whether a text can be an image reference: registry, path, tag and digest without spaces or capital paths.
pub fn is_image(reference: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ':' | '@');
    let repository = reference.split('@').next().unwrap_or_default();
    let last = repository.rsplit('/').next().unwrap_or_default();
    let name = last.split(':').next().unwrap_or_default();
    reference.chars().all(allowed)
        && !name.is_empty()
        && !name.bytes().any(|byte| byte.is_ascii_uppercase())
        && !reference.ends_with([':', '@', '/'])
        && !reference.contains("//")
        && !reference.starts_with('/')
}

/// Whether a text is `1000` or `1000:1000`.
pub(super) fn is_user(text: &str) -> bool {
    let mut parts = text.split(':');
    let good = |part: Option<&str>| {
        part.is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_digit()) && id.parse::<u32>().is_ok())
    };
    good(parts.next()) && parts.clone().next().is_none_or(|group| good(Some(group))) && parts.count() < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_names_are_dns_labels() {
        for name in ["auth", "a1", "a-b"] {
            assert_eq!(service_fault(name), None, "{name}");
        }
        for name in ["", "Auth", "1a", "a_b", "a-", "-a", "ä", &"a".repeat(64)] {
            assert!(service_fault(name).is_some(), "{name}");
        }
    }

    #[test]
    fn reserved_names_are_gws_own_and_no_others() {
        for name in
            ["mongodb", "redis", "gateway", "mongo", "mongo-primary", "mongo-secondary-2", "redis-replica-1"]
        {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["mongo-express", "redis-exporter", "auth", "auth-1"] {
            assert!(!is_reserved(name), "{name}");
        }
    }

    #[test]
    fn images_have_a_path_without_capitals_and_spaces() {
        for name in ["mongo:8.0", "a.example.com:5000/b/c:d", "Host.example/b", "a@sha256:00"] {
            assert!(is_image(name), "{name}");
        }
        for name in ["", "Mongo", "a b", "a:", "/a", "a//b", "${X}"] {
            assert!(!is_image(name), "{name}");
        }
    }

    #[test]
    fn users_are_numbers() {
        for name in ["0", "1000:1000"] {
            assert!(is_user(name), "{name}");
        }
        for name in ["", "root", "1:", ":1", "1:2:3", "+1", "4294967296"] {
            assert!(!is_user(name), "{name}");
        }
    }
}
