//! [`Text`] as a string of a Compose file.

use crate::stack::model::{Part, SecretSource, Stack, Text};

/// Doubles each dollar, so that Compose leaves it alone.
pub(super) fn literal(text: &str) -> String {
    text.replace('$', "$$")
}

/// Writes secrets and variables as Compose's own `${...}`.
pub(super) fn text(text: &Text, stack: &Stack) -> String {
    text.0.iter().map(|part| self::part(part, stack)).collect()
}

fn part(part: &Part, stack: &Stack) -> String {
    match part {
        Part::Literal(characters) => literal(characters),
        Part::Secret(name) => format!("${{{name}:?{}}}", advice(name, stack)),
        Part::Environment { name, default: Some(default) } => format!("${{{name}:-{}}}", literal(default)),
        Part::Environment { name, default: None } => format!("${{{name}:?set {name} in your environment}}"),
    }
}

// What Compose prints where the variable is not set: how to set it.
fn advice(name: &str, stack: &Stack) -> String {
    let profile = &stack.profile;
    let source = stack.secrets.iter().find(|need| need.variable == name).map(|need| &need.source);
    match source {
        Some(SecretSource::Given) => {
            format!("add {name}=value to .gw/secrets/{profile}/env and pass it as --env-file")
        }
        Some(SecretSource::Environment(_) | SecretSource::File(_) | SecretSource::Command(_)) => {
            format!(
                "run gw generate -p {profile} where its source is and pass --env-file .gw/secrets/{profile}/env"
            )
        }
        _ => format!("run gw generate -p {profile} and pass --env-file .gw/secrets/{profile}/env"),
    }
}
