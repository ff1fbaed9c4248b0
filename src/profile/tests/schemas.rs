//! The committed schemas are the generated ones; `UPDATE_SCHEMA=1` writes them.

use std::path::Path;

use crate::profile::schema;

#[test]
fn committed_schemas_are_the_generated_ones() {
    let all = [
        ("profile", schema::profile()),
        ("services", schema::services()),
        ("infra", schema::infra()),
        ("images", schema::images()),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    for (name, schema) in all {
        let path = folder.join(format!("{name}.schema.json"));
        let generated = format!("{schema:#}\n");
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&path, &generated).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == generated,
            "schema/{name}.schema.json is old: run the tests with UPDATE_SCHEMA=1"
        );
    }
}
