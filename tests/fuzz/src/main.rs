//! Everything that gw reads, fed with what libFuzzer makes of the project's own files: no panic, no hang, always a message.
//!
//! `GW_FUZZ` names the input: `profile`, `services`, `infra`, `images`, `env-file`, `compose` or `template-output`. `scripts/fuzz` runs all of
//! them with seeds and a dictionary; a file as argument is fed once.

#![no_main]

mod place;

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};

use place::Place;

/// What is fed.
static INPUT: LazyLock<String> =
    LazyLock::new(|| std::env::var("GW_FUZZ").expect("GW_FUZZ names the input, see scripts/fuzz"));
/// The project around it.
static PLACE: LazyLock<Place> = LazyLock::new(Place::new);

fuzz_target!(|data: &[u8]| -> Corpus {
    let (place, input) = (&*PLACE, INPUT.as_str());
    match input {
        "profile" => place.load("profiles/default.json", data),
        "services" => place.load("services.json", data),
        "infra" => place.load("infra.json", data),
        "images" => place.map_images(data),
        "env-file" => place.read_env_file(data),
        "compose" => place.read_compose(data),
        "template-output" => return place.render_through(data),
        _ => panic!("GW_FUZZ={input} is no input, see scripts/fuzz"),
    }
    Corpus::Keep
});
