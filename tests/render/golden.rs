//! Golden files: what is committed is what is rendered. `UPDATE_GOLDEN=1` rewrites them.

use std::path::Path;

use gw::profile::model::{MongoDbMode, RedisMode};

use crate::{profiles, rendered};

#[test]
fn the_four_combinations_of_modes_are_as_committed() {
    let mongodb = [("single", MongoDbMode::Single), ("replica", MongoDbMode::ReplicaSet { members: 3 })];
    let redis =
        [("single", RedisMode::Single), ("sentinel", RedisMode::Sentinel { replicas: 2, sentinels: 3 })];
    for (first, mongodb) in mongodb {
        for (second, redis) in redis {
            let name = format!("{first}-{second}");
            let profile = profiles::modes(&name, mongodb, redis, true);
            let text = rendered::text(&profile, &format!("generated/{name}"));
            compare(&format!("tests/golden/modes/{name}.yaml"), &text);
        }
    }
}

#[test]
fn bitnamis_images_get_their_variables() {
    let watched = RedisMode::Sentinel { replicas: 2, sentinels: 3 };
    for (name, mode) in [("bitnami-single", RedisMode::Single), ("bitnami-sentinel", watched)] {
        let text = rendered::text(&profiles::bitnami(name, mode), &format!("generated/{name}"));
        compare(&format!("tests/golden/flavors/{name}.yaml"), &text);
    }
}

#[test]
fn the_repositorys_own_files_are_as_committed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["default", "test", "combo", "shared"] {
        let profile = gw::profile::load(root, name).unwrap();
        let folder = format!("generated/{name}");
        compare(&format!("{folder}/compose.yaml"), &rendered::text(&profile, &folder));
    }
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    for profile in [profiles::default(), profiles::combo()] {
        assert_eq!(rendered::text(&profile, "generated/x"), rendered::text(&profile, "generated/x"));
    }
}

fn compare(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(committed, text, "{path} differs; UPDATE_GOLDEN=1 rewrites it");
}
