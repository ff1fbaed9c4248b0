//! Image maps from files; each error is compared as a whole.

use super::project::Project;
use crate::profile::ImageMap;

fn error(content: &str) -> String {
    let project = Project::with(&[("images.json", content)]);
    ImageMap::load(project.root(), "images.json").unwrap_err().to_string()
}

#[test]
fn map_and_mirror_are_loaded() {
    let project = Project::with(&[(
        "images.json",
        "{ \"images\": { \"mongo:8.0\": \"stand-in/mongo:1\" }, \"mirror\": \"mirror.example.com/\" }",
    )]);
    let map = ImageMap::load(project.root(), "images.json").unwrap();
    assert_eq!(map.apply("mongo:8.0"), "stand-in/mongo:1");
    assert_eq!(map.apply("redis:8"), "mirror.example.com/library/redis:8");
    let absolute = project.root().join("images.json");
    assert_eq!(ImageMap::load(project.root(), absolute.to_str().unwrap()).unwrap(), map);
}

#[test]
fn nothing_to_map() {
    let hint = "\n    add `\"images\": {\"mongo:8.0\": \"registry.example.com/mongo:8.0\"}` or a `mirror`, or leave the map out";
    assert_eq!(error("{ \"images\": {} }"), format!("images.json:1:13: images: nothing to map{hint}"));
    assert_eq!(error("{}"), format!("images.json:1:1: nothing to map{hint}"));
}

#[test]
fn all_mistakes_of_a_map() {
    assert_eq!(
        error("{ \"images\": { \"a b\": \"c\", \"d\": \"E\" }, \"mirror\": \"http://x/\" }"),
        "images.json:1:15: images[\"a b\"]: `a b` is not an image reference\n    write it like `name:tag` or `registry.example.com/path/name:tag`\n\
         images.json:1:32: images.d: `E` is not an image reference\n    write it like `name:tag` or `registry.example.com/path/name:tag`\n\
         images.json:1:49: mirror: `http://x/name` is not an image reference\n    write it like `name:tag` or `registry.example.com/path/name:tag`"
    );
    assert_eq!(
        error("{ \"image\": {}, \"images\": { \"a\": 1 } }"),
        "images.json:1:3: image: unknown key\n    known keys: mirror\n\
         images.json:1:33: images.a: expected a string, found the number 1\n    write \"1\""
    );
}

#[test]
fn missing_map() {
    let project = Project::empty();
    let error = ImageMap::load(project.root(), "images.json").unwrap_err();
    assert_eq!(error.to_string(), "images.json:1:1: the file does not exist");
}
