//! References in the strings of a profile: `${mongodb.uri}`, `${services.auth.url}`, `${env.NAME:-default}`; `$$` is a dollar.

/// A piece of a string that may hold references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Characters as they are.
    Literal(String),
    /// A value that is filled in.
    Reference(Reference),
}

/// What a reference names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// `${mongodb.FIELD}`.
    Mongodb(MongodbField),
    /// `${redis.FIELD}`.
    Redis(RedisField),
    /// `${services.NAME.FIELD}`.
    Service(String, AddressField),
    /// `${gateway.FIELD}`.
    Gateway(AddressField),
    /// `${self.FIELD}`: the service whose string this is.
    Own(OwnField),
    /// `${secrets.NAME}`.
    Secret(String),
    /// `${env.NAME}` or `${env.NAME:-default}`.
    Environment {
        /// The variable.
        name: String,
        /// What is used where it is unset.
        default: Option<String>,
    },
}

/// A value of MongoDB's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MongodbField {
    /// The whole connection string.
    Uri,
    /// Host of the first member.
    Host,
    /// Port inside the project.
    Port,
    /// The applications' database.
    Database,
    /// The applications' user.
    User,
    /// Its password.
    Password,
}

/// A value of Redis's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedisField {
    /// `redis://...` of a single server, `redis+sentinel://...` with the sentinels.
    Url,
    /// Host of the first server.
    Host,
    /// Port inside the project.
    Port,
    /// The password.
    Password,
    /// `host:port,host:port` of the sentinels.
    Sentinels,
    /// The master's name at the sentinels.
    Master,
    /// What the keys of applications begin with.
    Prefix,
}

/// A part of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressField {
    /// `http://host:port`.
    Url,
    /// The host name inside the project.
    Host,
    /// The port inside the project.
    Port,
}

/// A value of the service itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnField {
    /// Its name.
    Name,
    /// Its first port inside.
    Port,
    /// The project's name.
    Project,
    /// The profile's name.
    Profile,
}

/// Every form of a reference, for "did you mean".
pub const FORMS: &[&str] = &[
    "mongodb.uri",
    "mongodb.host",
    "mongodb.port",
    "mongodb.database",
    "mongodb.user",
    "mongodb.password",
    "redis.url",
    "redis.host",
    "redis.port",
    "redis.password",
    "redis.sentinels",
    "redis.master",
    "redis.prefix",
    "gateway.url",
    "gateway.host",
    "gateway.port",
    "self.name",
    "self.port",
    "self.project",
    "self.profile",
];

/// Splits a string into literals and references.
///
/// # Errors
/// The byte offset of the reference that cannot be read, and the text between its braces (the rest of the string where a
/// brace is missing).
pub fn parse(text: &str) -> Result<Vec<Piece>, (usize, String)> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let offset = text.len() - rest.len() + at;
        literal.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        if let Some(after) = tail.strip_prefix('$') {
            literal.push('$');
            rest = after;
        } else if let Some(inner) = tail.strip_prefix('{') {
            let end = inner.find('}').ok_or_else(|| (offset, inner.to_owned()))?;
            let reference = read(&inner[..end]).ok_or_else(|| (offset, inner[..end].to_owned()))?;
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(Piece::Reference(reference));
            rest = &inner[end + 1..];
        } else {
            literal.push('$');
            rest = tail;
        }
    }
    literal.push_str(rest);
    if !literal.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

fn read(inner: &str) -> Option<Reference> {
    if let Some(variable) = inner.strip_prefix("env.") {
        let (name, default) = match variable.split_once(":-") {
            Some((name, default)) => (name, Some(default.to_owned())),
            None => (variable, None),
        };
        return is_name(name).then(|| Reference::Environment { name: name.to_owned(), default });
    }
    let mut words = inner.split('.');
    let reference = match (words.next()?, words.next()?, words.next()) {
        ("mongodb", field, None) => Reference::Mongodb(mongodb_field(field)?),
        ("redis", field, None) => Reference::Redis(redis_field(field)?),
        ("gateway", field, None) => Reference::Gateway(address_field(field)?),
        ("self", field, None) => Reference::Own(own_field(field)?),
        ("secrets", name, None) if is_name(name) => Reference::Secret(name.to_owned()),
        ("services", name, Some(field)) => Reference::Service(name.to_owned(), address_field(field)?),
        _ => return None,
    };
    words.next().is_none().then_some(reference)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|other| other.is_ascii_alphanumeric() || other == '_')
}

fn mongodb_field(field: &str) -> Option<MongodbField> {
    Some(match field {
        "uri" => MongodbField::Uri,
        "host" => MongodbField::Host,
        "port" => MongodbField::Port,
        "database" => MongodbField::Database,
        "user" => MongodbField::User,
        "password" => MongodbField::Password,
        _ => return None,
    })
}

fn redis_field(field: &str) -> Option<RedisField> {
    Some(match field {
        "url" => RedisField::Url,
        "host" => RedisField::Host,
        "port" => RedisField::Port,
        "password" => RedisField::Password,
        "sentinels" => RedisField::Sentinels,
        "master" => RedisField::Master,
        "prefix" => RedisField::Prefix,
        _ => return None,
    })
}

fn address_field(field: &str) -> Option<AddressField> {
    Some(match field {
        "url" => AddressField::Url,
        "host" => AddressField::Host,
        "port" => AddressField::Port,
        _ => return None,
    })
}

fn own_field(field: &str) -> Option<OwnField> {
    Some(match field {
        "name" => OwnField::Name,
        "port" => OwnField::Port,
        "project" => OwnField::Project,
        "profile" => OwnField::Profile,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_splits_literals_references_and_dollars() {
        let pieces = parse("a$$b${redis.url}/${env.X:-y}$").unwrap();
        assert_eq!(
            pieces,
            [
                Piece::Literal("a$b".into()),
                Piece::Reference(Reference::Redis(RedisField::Url)),
                Piece::Literal("/".into()),
                Piece::Reference(Reference::Environment { name: "X".into(), default: Some("y".into()) }),
                Piece::Literal("$".into()),
            ]
        );
    }

    #[test]
    fn parse_names_the_offset_and_text_of_an_unknown_reference() {
        assert_eq!(parse("ab${redis.urk}"), Err((2, "redis.urk".into())));
        assert_eq!(parse("${services.auth.url.x}"), Err((0, "services.auth.url.x".into())));
        assert_eq!(parse("x${redis.url"), Err((1, "redis.url".into())));
    }
}
