//! Every label that gw puts on what it makes or reads from what others made, and what it means.

/// The profile that a thing was rendered from; in the rendered file.
pub const PROFILE: &str = "gw.profile";
/// The name users know the component by; in the rendered file.
pub const COMPONENT: &str = "gw.component";
/// [`super::desired::Role`]; in the rendered file, and on volumes, for the component that mounts them, added at run time.
pub const ROLE: &str = "gw.role";
/// Content hash of the rendered service; in the rendered file.
pub const HASH: &str = "gw.hash";
/// The random id of the checkout that made it; added at run time.
pub const OWNER: &str = "gw.owner";
/// The checkout's folder when it made it; added at run time.
pub const OWNER_PATH: &str = "gw.owner.path";
/// The host of that checkout; added at run time.
pub const OWNER_HOST: &str = "gw.owner.host";
/// [`OWNER`], [`OWNER_PATH`] and [`OWNER_HOST`] of an image that gw built. They have names of their own, because a container has
/// the labels of its image too, also one that somebody made by hand.
pub const IMAGE_OWNER: [&str; 3] = ["gw.image.owner", "gw.image.owner.path", "gw.image.owner.host"];
/// The id of the isolated run that it is of; added at run time.
pub const RUN: &str = "gw.run";
/// Salted hash of the service after its variables were filled in, secrets too; added at run time.
pub const RESOLVED: &str = "gw.resolved";

/// [`super::fingerprint`] of the password that a volume was initialised with; added at run time.
pub const FINGERPRINT: &str = "gw.fingerprint";
/// On an empty volume that a rotation leaves: the [`FINGERPRINT`] of the volume whose password [`FINGERPRINT`] here is now.
pub const FINGERPRINT_INSTEAD_OF: &str = "gw.fingerprint.instead-of";
/// How many rotations there were: the highest counts.
pub const FINGERPRINT_GENERATION: &str = "gw.fingerprint.generation";

/// Docker Compose's project.
pub const COMPOSE_PROJECT: &str = "com.docker.compose.project";
/// Docker Compose's service: gw's component key.
pub const COMPOSE_SERVICE: &str = "com.docker.compose.service";
/// Which of the service's containers, from 1.
pub const COMPOSE_NUMBER: &str = "com.docker.compose.container-number";
/// `True` for `compose run` and `gw exec --new`.
pub const COMPOSE_ONEOFF: &str = "com.docker.compose.oneoff";
/// Any value makes the container visible to `docker compose ps`.
pub const COMPOSE_HASH: &str = "com.docker.compose.config-hash";
/// The folder that Compose's relative paths start from.
pub const COMPOSE_WORKING_DIR: &str = "com.docker.compose.project.working_dir";
/// The files that `docker compose ls` shows.
pub const COMPOSE_FILES: &str = "com.docker.compose.project.config_files";
/// `KEY:CONDITION:RESTART`, comma separated.
pub const COMPOSE_DEPENDS_ON: &str = "com.docker.compose.depends_on";
/// A network's key in the file.
pub const COMPOSE_NETWORK: &str = "com.docker.compose.network";
/// A volume's key in the file.
pub const COMPOSE_VOLUME: &str = "com.docker.compose.volume";
/// The version of Compose; gw writes its own name.
pub const COMPOSE_VERSION: &str = "com.docker.compose.version";
/// The id of the image that the container was made from.
pub const COMPOSE_IMAGE: &str = "com.docker.compose.image";
