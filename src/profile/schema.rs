//! The JSON Schemas of the input files, made from the types in [`super::raw`]; committed in `schema/`.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

use super::raw::{ImagesFile, InfraFile, ProfileFile, ServicesFile};

/// Returns the schema of `profiles/*.json`.
pub fn profile() -> Value {
    of::<ProfileFile>("gw profile")
}

/// Returns the schema of a services file.
pub fn services() -> Value {
    of::<ServicesFile>("gw services")
}

/// Returns the schema of an infra file.
pub fn infra() -> Value {
    of::<InfraFile>("gw infra")
}

/// Returns the schema of an image map.
pub fn images() -> Value {
    of::<ImagesFile>("gw images")
}

fn of<T: JsonSchema>(title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(Plain);
    let schema: Value = settings.into_generator().into_root_schema_for::<T>().into();
    let mut ordered = Map::new();
    if let Value::Object(mut members) = schema {
        members.insert("title".into(), title.into());
        for key in ["$schema", "title", "description"] {
            ordered.extend(members.shift_remove_entry(key));
        }
        ordered.extend(members);
    }
    Value::Object(ordered)
}

/// Takes out what serde's `Option` and Rust's integers add: in these files a key is left out, never `null`, and bounds
/// say more than `format`.
#[derive(Debug, Clone)]
struct Plain;

impl Transform for Plain {
    fn transform(&mut self, schema: &mut Schema) {
        schema.remove("format");
        schema.remove("default");
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                schema.insert("type".into(), only);
            }
        }
        if let Some(Value::Array(branches)) = schema.get_mut("anyOf") {
            branches.retain(|branch| branch.get("type").is_none_or(|name| name != "null"));
            if let [only] = branches.as_slice() {
                let only = only.clone();
                schema.remove("anyOf");
                if let Value::Object(members) = only {
                    for (key, value) in members {
                        schema.insert(key, value);
                    }
                }
            }
        }
        transform_subschemas(self, schema);
    }
}
