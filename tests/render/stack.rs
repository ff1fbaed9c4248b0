//! What a stack decides, seen in the rendered file.

use gw::profile::model::{
    DefaultRoute, MongoDbMode, Mount, MountSource, MountedFile, Profile, RedisMode, ServiceKind,
};
use gw::stack::{lent, rotation};
use serde_json::{Value, json};

use crate::rendered::{stack, text, tree};
use crate::{profiles, rendered};

fn config<'a>(tree: &'a Value, prefix: &str) -> &'a str {
    let configs = tree["configs"].as_object().unwrap();
    let found = configs.iter().find(|(key, _)| key.starts_with(prefix)).unwrap();
    found.1["content"].as_str().unwrap()
}

#[test]
fn a_guest_never_answers_to_a_plain_name_on_the_owners_network() {
    let tree = tree(&profiles::combo());
    for (key, service) in tree["services"].as_object().unwrap() {
        assert!(key.starts_with("combo-"), "{key} would be an alias on every network");
        let aliases = service["networks"]["ms_default"]["aliases"].as_array().unwrap();
        assert_eq!(*aliases, [format!("{}.combo", key.trim_start_matches("combo-"))]);
    }
    assert_eq!(tree["networks"]["ms_default"], json!({ "name": "ms_default", "external": true }));
}

#[test]
fn a_guests_gateway_sends_the_rest_to_the_owners_and_nothing_to_itself() {
    let tree = tree(&profiles::combo());
    let nginx = config(&tree, "gateway-nginx");
    assert!(nginx.contains("default \"gateway.ms\";"), "{nginx}");
    assert!(nginx.contains("\"kyc\" \"kyc.combo:9002\";"), "{nginx}");
    assert!(!nginx.contains("gateway.combo"), "{nginx}");
}

#[test]
fn a_borrowed_service_is_reached_where_it_runs() {
    let mut profile = profiles::combo();
    profile.services[0].env.insert("AUTH".to_owned(), "${services.auth.url}".to_owned());
    let borrowed = profile.borrowed.as_mut().unwrap();
    borrowed.services.push(profiles::service("auth", 9001, 9001));
    profile.gateway = Some(profiles::gateway(9997, DefaultRoute::Service("auth".to_owned())));
    let tree = tree(&profile);
    assert_eq!(tree["services"]["combo-kyc"]["environment"]["AUTH"], "http://auth.ms:9001");
    let nginx = config(&tree, "gateway-nginx");
    assert!(nginx.contains("\"\" \"auth\";") && nginx.contains("\"auth\" \"auth.ms:9001\";"), "{nginx}");
}

#[test]
fn what_is_lent_has_the_keys_of_the_owners_stack() {
    let keys = |owner: &Profile, borrower: &Profile| {
        let parts = lent(owner, borrower.borrowed.as_ref().unwrap()).into_iter();
        parts.map(|part| format!("{}: {}", part.name, part.keys.join(" "))).collect::<Vec<_>>()
    };
    let mut borrower = profiles::combo();
    let owner = profiles::default();
    assert_eq!(keys(&owner, &borrower), ["mongodb: mongo", "redis: redis", "gateway: gateway"]);

    // An owner that borrows itself has keys of its own for what joins further networks.
    let middle = profiles::combo();
    let taken = borrower.borrowed.as_mut().unwrap();
    (taken.mongodb, taken.redis, taken.services) = (None, None, middle.services.clone());
    assert_eq!(keys(&middle, &borrower), ["kyc: combo-kyc", "gateway: combo-gateway"]);

    let sets = profiles::modes(
        "x",
        MongoDbMode::ReplicaSet { members: 3 },
        RedisMode::Sentinel { replicas: 1, sentinels: 1 },
        true,
    );
    let taken = borrower.borrowed.as_mut().unwrap();
    (taken.mongodb, taken.redis) = (sets.mongodb.clone(), sets.redis.clone());
    (taken.services, taken.gateway) = (Vec::new(), None);
    let expected = [
        "mongodb: mongo-primary mongo-secondary-1 mongo-secondary-2 mongo-initiate",
        "redis: redis-master redis-replica-1 redis-sentinel-1",
    ];
    assert_eq!(keys(&sets, &borrower), expected);
    let tree = tree(&sets);
    for key in expected.iter().flat_map(|part| part.split(' ').skip(1)) {
        assert!(!tree["services"][key].is_null(), "{key}");
    }
}

#[test]
fn each_job_has_a_dependent() {
    let mut profile = profiles::modes("x", MongoDbMode::ReplicaSet { members: 3 }, RedisMode::Single, false);
    profile.services[0].depends_on.clear();
    let mut job = profiles::service("migrate", 1, 1);
    job.kind = ServiceKind::Job;
    job.depends_on = vec!["auth".to_owned()];
    profile.services.push(job);
    let tree = tree(&profile);
    let completed = json!({ "condition": "service_completed_successfully", "required": true });
    assert_eq!(tree["services"]["gateway"]["depends_on"]["migrate"], completed);
    assert_eq!(tree["services"]["gateway"]["depends_on"]["mongo-initiate"], completed);
    profile.gateway = None;
    let tree = self::tree(&profile);
    assert_eq!(tree["services"]["auth"]["depends_on"]["mongo-initiate"], completed);
}

#[test]
fn start_interval_never_comes_without_start_period() {
    for auth in [true, false] {
        let profile = profiles::modes(
            "x",
            MongoDbMode::ReplicaSet { members: 3 },
            RedisMode::Sentinel { replicas: 2, sentinels: 3 },
            auth,
        );
        for (key, service) in tree(&profile)["services"].as_object().unwrap() {
            let check = &service["healthcheck"];
            assert_eq!(check["start_interval"].is_null(), check["start_period"].is_null(), "{key}");
            assert!(key == "mongo-initiate" || !check.is_null(), "{key} has no check");
            assert!(!check.to_string().contains("mongosh"), "{key}");
        }
    }
}

#[test]
fn what_has_no_check_of_the_engines_is_waited_for_by_gw() {
    let mut profile = profiles::small();
    profile.services[0].engine_check = None;
    profile.services.push(profiles::service("kyc", 9002, 9002));
    profile.services[1].depends_on = vec!["auth".to_owned()];
    let kyc = &tree(&profile)["services"]["kyc"];
    assert_eq!(kyc["depends_on"]["auth"]["condition"], "service_started");
    assert_eq!(kyc["x-gw"]["depends_on"], json!({ "auth": "ready" }));
}

#[test]
fn dollars_secrets_and_variables_are_what_compose_understands() {
    let mut profile = profiles::small();
    let service = &mut profile.services[0];
    let mut env = |name: &str, text: &str| drop(service.env.insert(name.to_owned(), text.to_owned()));
    env("PRICE", "5$$ or $5");
    env("LEVEL", "${env.LEVEL:-a$b}");
    env("MUST", "${env.MUST}");
    env("KEY", "x-${secrets.KEY}");
    service.files.push(MountedFile {
        target: "/etc/a.conf".to_owned(),
        content: "c=$$\nk=${secrets.KEY}\n".to_owned(),
    });
    service.secrets.push("KEY".to_owned());
    let tree = tree(&profile);
    let auth = &tree["services"]["auth"];
    assert_eq!(auth["environment"]["PRICE"], "5$$ or $$5");
    assert_eq!(auth["environment"]["LEVEL"], "${LEVEL:-a$$b}");
    assert_eq!(auth["environment"]["MUST"], "${MUST:?set MUST in your environment}");
    let key = "${KEY:?add KEY=value to .gw/secrets/small/env and pass it as --env-file}";
    assert_eq!(auth["environment"]["KEY"], format!("x-{key}"));
    assert_eq!(config(&tree, "auth-1-a-conf-"), format!("c=$$\nk={key}\n"));
    assert_eq!(auth["secrets"], json!([{ "source": "KEY", "target": "/run/secrets/KEY" }]));
    assert_eq!(tree["secrets"]["KEY"], json!({ "name": "small_KEY", "environment": "KEY" }));
}

#[test]
fn services_with_one_build_share_one_image() {
    let tree = tree(&profiles::default());
    let image = |key: &str| tree["services"][key]["image"].as_str().unwrap().to_owned();
    assert_eq!(image("auth"), "ms-sample-service");
    assert_eq!(image("notification"), "ms-sample-service");
    assert_eq!(self::tree(&profiles::combo())["services"]["combo-kyc"]["image"], "combo-kyc");
}

#[test]
fn a_patch_is_merged_before_the_hash() {
    let mut profile = profiles::small();
    let before = tree(&profile);
    profile.services[0].compose = Some(json!({ "cap_add": ["NET_ADMIN"], "restart": null }));
    let after = tree(&profile);
    let auth = &after["services"]["auth"];
    assert_eq!(auth["cap_add"], json!(["NET_ADMIN"]));
    assert_eq!(auth.get("restart"), None);
    assert_ne!(auth["labels"]["gw.hash"], before["services"]["auth"]["labels"]["gw.hash"]);
    assert_eq!(after["services"]["gateway"], before["services"]["gateway"]);
}

#[test]
fn a_hash_says_what_the_container_is_made_of_and_not_how_it_is_watched() {
    let hash = |profile: &gw::profile::model::Profile| {
        tree(profile)["services"]["auth"]["labels"]["gw.hash"].as_str().unwrap().to_owned()
    };
    let mut profile = profiles::small();
    let before = hash(&profile);
    profile.services[0].ready.deadline /= 2;
    profile.services[0].depends_on.clear();
    profile.services[0].replicas = 2;
    assert_eq!(hash(&profile), before);
    let file = |content: &str| MountedFile { target: "/a".to_owned(), content: content.to_owned() };
    profile.services[0].files = vec![file("1")];
    let with_file = hash(&profile);
    assert_ne!(with_file, before);
    profile.services[0].files = vec![file("2")];
    assert_ne!(hash(&profile), with_file);
}

#[test]
fn a_service_on_the_hosts_network_sees_published_ports() {
    let mut profile = profiles::small();
    profile.services[0].host_network = true;
    profile.services.push(profiles::service("kyc", 9002, 9012));
    profile.services[1].env.insert("AUTH".to_owned(), "${services.auth.url}".to_owned());
    profile.services[0].env.insert("KYC".to_owned(), "${services.kyc.url}".to_owned());
    let tree = tree(&profile);
    let auth = &tree["services"]["auth"];
    assert_eq!(auth["network_mode"], "host");
    assert_eq!((auth.get("networks"), auth.get("ports")), (None, None));
    assert_eq!(auth["environment"]["MONGODB_URI"], "mongodb://127.0.0.1:27017/ms");
    assert_eq!(auth["environment"]["KYC"], "http://127.0.0.1:9012");
    let kyc = &tree["services"]["kyc"];
    assert_eq!(kyc["environment"]["AUTH"], "http://host.docker.internal:9001");
    assert_eq!(kyc["extra_hosts"], json!(["host.docker.internal=host-gateway"]));
    assert!(config(&tree, "gateway-nginx").contains("\"auth\" \"$$host_address:9001\";"));
}

#[test]
fn paths_lead_from_the_file_to_the_project_and_never_name_it() {
    let mut profile = profiles::small();
    let mount = |source| Mount { source, target: "/code".to_owned(), read_only: true };
    profile.services[0].volumes = vec![mount(MountSource::Bind("./code".to_owned()))];
    let text = text(&profile, "generated/deep/er");
    assert!(text.contains("source: ../../../code\n"), "{text}");
    assert!(text.contains("context: ../../../examples/sample-service\n"), "{text}");
    assert!(!text.contains(profile.root.to_str().unwrap()), "{text}");
}

#[test]
fn secrets_are_needed_only_where_a_password_is() {
    let names = |profile| stack(&profile).secrets.into_iter().map(|need| need.variable).collect::<Vec<_>>();
    assert_eq!(names(profiles::default()), Vec::<String>::new());
    let modes = |mongodb| profiles::modes("x", mongodb, RedisMode::Single, true);
    assert_eq!(names(modes(MongoDbMode::Single)), ["GW_MONGODB_ROOT_PASSWORD", "GW_REDIS_PASSWORD"]);
    assert_eq!(
        names(modes(MongoDbMode::ReplicaSet { members: 3 })),
        ["GW_MONGODB_KEYFILE", "GW_MONGODB_PASSWORD", "GW_MONGODB_ROOT_PASSWORD", "GW_REDIS_PASSWORD"]
    );
}

/// Only MongoDB's root is told by its servers, whatever the modes are; everybody else takes the new value at a start.
#[test]
fn a_rotation_tells_only_who_cannot_be_told_at_a_start() {
    let steps = |mongodb, redis, secrets: &[&str]| {
        let profile = profiles::modes("x", mongodb, redis, true);
        let secrets: Vec<String> = secrets.iter().map(|name| (*name).to_owned()).collect();
        rotation::steps(&profile, &secrets, &["auth".to_owned()])
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let (set, watched) =
        (MongoDbMode::ReplicaSet { members: 3 }, RedisMode::Sentinel { replicas: 2, sentinels: 3 });
    let told = |servers: &str, all: &str| {
        vec![
            "keep the former GW_MONGODB_ROOT_PASSWORD in case this is cut off".to_owned(),
            format!("write new values: {all}"),
            format!("change the password of MongoDB's user root on {servers}"),
            "note the new password's fingerprint for the volume mongodb".to_owned(),
            "forget the former GW_MONGODB_ROOT_PASSWORD".to_owned(),
            "replace what runs of auth".to_owned(),
        ]
    };
    let (root, cache) = ("GW_MONGODB_ROOT_PASSWORD", "GW_REDIS_PASSWORD");
    for redis in [RedisMode::Single, watched] {
        let both = format!("{root}, {cache}");
        assert_eq!(steps(MongoDbMode::Single, redis, &[root, cache]), told("mongo", &both));
        let members = "mongo-primary or mongo-secondary-1 or mongo-secondary-2";
        assert_eq!(steps(set, redis, &[root, cache]), told(members, &both));
        let others = ["GW_MONGODB_PASSWORD", "GW_MONGODB_KEYFILE", cache];
        let at_a_start =
            [format!("write new values: {}", others.join(", ")), "replace what runs of auth".to_owned()];
        assert_eq!(steps(set, redis, &others), at_a_start);
    }
    let without = profiles::modes("x", MongoDbMode::Single, RedisMode::Single, false);
    assert_eq!(rotation::store_user(&without, root), None);
    assert_eq!(rotation::store_user(&profiles::combo(), root), None, "borrowed stores are their owner's");
}

#[test]
fn addresses_of_sets_are_unique_among_projects() {
    let profile = profiles::modes(
        "x",
        MongoDbMode::ReplicaSet { members: 3 },
        RedisMode::Sentinel { replicas: 2, sentinels: 3 },
        false,
    );
    let tree = rendered::tree(&profile);
    let environment = &tree["services"]["auth"]["environment"];
    assert_eq!(
        environment["MONGODB_URI"],
        "mongodb://mongo-primary.modes:27017,mongo-secondary-1.modes:27017,mongo-secondary-2.modes:27017/ms?replicaSet=rs0"
    );
    assert_eq!(
        environment["REDIS_URL"],
        "redis+sentinel://redis-sentinel-1.modes:26379,redis-sentinel-2.modes:26379,redis-sentinel-3.modes:26379/mymaster/0"
    );
}
