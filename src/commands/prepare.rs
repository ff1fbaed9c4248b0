//! From a profile's name to what should exist: load, render, read back, write. Every command that needs a model starts here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{lock, owner, runs};
use crate::error::Error;
use crate::manifest;
use crate::plan::desired::Desired;
use crate::plan::isolation;
use crate::plan::ownership::Checkout;
use crate::profile::model::Profile;
use crate::profile::{self, ImageMap};
use crate::render::secrets::{self, Supply, rotation};
use crate::render::{self, RenderError, Rendered, Templates, write};
use crate::settings::Settings;
use crate::stack::model::{SecretNeed, Stack};
use crate::stack::{Inputs, build, owner_network_key};

/// Everything known of a profile, rendered and read back.
pub(crate) struct Prepared {
    /// The profile.
    pub(crate) profile: Profile,
    /// The files.
    pub(crate) rendered: Rendered,
    /// Their folder, relative to the root.
    pub(crate) folder: String,
    /// What should exist, variables filled in.
    pub(crate) desired: Arc<Desired>,
    /// This checkout.
    pub(crate) checkout: Checkout,
    /// The values of the profile's secrets.
    pub(crate) secrets: BTreeMap<String, String>,
    /// Values that nobody may see, by any name: those, and former ones that a store may still have.
    pub(super) hidden: BTreeMap<String, String>,
    /// A rotation was cut off: a store may have another password than the env file.
    pub(super) unfinished: bool,
    /// Those of them that the env file gets when it is known that the stores have them.
    pub(super) unproven: BTreeMap<String, String>,
    /// Which secrets it needs, and for what.
    pub(super) needs: Vec<SecretNeed>,
    /// The id of the isolated run, where it is one.
    pub(crate) run: Option<String>,
}

/// What the secrets of a profile are needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrets {
    /// Values are made, kept and used; those from elsewhere are fetched again.
    Fetched,
    /// As [`Self::Fetched`], but nothing is written: what is missing is made in memory only.
    Asked,
    /// Values are made, kept and used; those from elsewhere are what they were last.
    Used,
    /// As [`Self::Used`], but nothing is written.
    Read,
    /// Values are made and kept, for whoever runs the files without gw; what only the user has is filled in with its name.
    Kept,
    /// Nothing is run: what is missing is filled in with its name, in memory only.
    Named,
}

impl Secrets {
    /// What `up` and its kin need. An isolated run fetches nothing again: a new value is for the profile's own stores first.
    pub(super) fn for_up(settings: &Settings, dry_run: bool) -> Self {
        match (settings.run().is_some(), dry_run) {
            (true, true) => Self::Read,
            (true, false) => Self::Used,
            (false, true) => Self::Asked,
            (false, false) => Self::Fetched,
        }
    }
}

/// Loads and renders a profile, as the run has it that the settings mean, and reads the result back; writes nothing but missing
/// secrets and who this checkout is.
///
/// # Errors
/// Mistakes in the input, a template, or what it made; a profile that cannot be isolated.
pub(crate) fn prepare(settings: &Settings, name: &str, need: Secrets) -> Result<Prepared, Error> {
    let root = &settings.root;
    let mut profile = profile::load(root, name)?;
    if let Some(run) = settings.run() {
        profile = profile.isolated(run).map_err(Error::Usage)?;
        runs::not_of_a_profile(root, &profile)?;
    }
    let map = match &settings.image_map {
        Some(path) => Some(ImageMap::load(root, &path.to_string_lossy())?),
        None => project_map(root)?,
    };
    let mut env_files = BTreeMap::new();
    for path in profile.services.iter().flat_map(|service| &service.env_files) {
        env_files.insert(path.clone(), profile::read_env_file(root, path)?);
    }
    let mapped =
        |reference: &str| map.as_ref().map_or_else(|| reference.to_owned(), |map| map.apply(reference));
    let mut stack = build(&profile, &Inputs { images: &mapped, env_files: &env_files });
    if settings.run().is_some() {
        stack.on_free_ports();
    }
    // What the command line changes is never written over the committed files.
    let folder = match (settings.run(), &settings.image_map) {
        (Some(run), _) => format!("{}/{}", runs::folder(run), profile.name),
        (None, Some(_)) => format!(".gw/generated/{}", profile.name),
        (None, None) => format!("generated/{}", profile.name),
    };
    let rendered = render::compose(&stack, &Templates::load(root)?, &folder)?;
    let keep = matches!(need, Secrets::Used | Secrets::Fetched);
    // Two first runs at once must not each make a password or an owner of their own.
    let turn = if keep { Some(lock::turn(root)?) } else { None };
    let secrets::Values { now: secrets, unproven } = secret_values(root, &stack, need)?;
    let (desired, file) = read_back(root, &rendered, &secrets)?;
    if settings.run().is_some() {
        let own = profile.borrowed.iter().map(|owner| owner_network_key(&owner.project)).collect();
        isolation::check(&desired, &own)?;
    }
    let checkout = owner::checkout(root, &file, keep)?;
    drop(turn);
    let former = rotation::former(root, &profile.name)?;
    let unfinished = !former.is_empty();
    let mut hidden: BTreeMap<String, String> =
        former.into_iter().map(|(name, value)| (format!("former {name}"), value)).collect();
    hidden.extend(secrets.clone());
    let run = settings.run().map(str::to_owned);
    let (desired, needs) = (Arc::new(desired), stack.secrets);
    Ok(Prepared {
        profile,
        rendered,
        folder,
        desired,
        checkout,
        secrets,
        hidden,
        unfinished,
        unproven,
        needs,
        run,
    })
}

/// `images.json` beside `profiles/`, where there is one.
fn project_map(root: &Path) -> Result<Option<ImageMap>, Error> {
    let there = root.join("images.json").is_file();
    Ok(if there { Some(ImageMap::load(root, "images.json")?) } else { None })
}

fn secret_values(root: &Path, stack: &Stack, need: Secrets) -> Result<secrets::Values, Error> {
    let mut supply = Supply {
        random: &mut |bytes| owner::fill_random(bytes),
        environment: &|name| std::env::var_os(name),
        again: matches!(need, Secrets::Fetched | Secrets::Asked | Secrets::Kept),
    };
    let mut values = match need {
        Secrets::Used | Secrets::Fetched => return Ok(secrets::ensure(root, stack, &mut supply)?),
        Secrets::Read | Secrets::Asked => return Ok(secrets::peek(root, stack, &mut supply)?),
        Secrets::Kept => secrets::make(root, stack, &mut supply)?,
        Secrets::Named => {
            secrets::Values { now: secrets::load(root, &stack.profile)?, ..secrets::Values::default() }
        }
    };
    for need in &stack.secrets {
        values.now.entry(need.variable.clone()).or_insert_with(|| need.variable.clone());
    }
    Ok(values)
}

fn read_back(
    root: &Path,
    rendered: &Rendered,
    secrets: &BTreeMap<String, String>,
) -> Result<(Desired, PathBuf), Error> {
    let compose = rendered.files.iter().find(|file| file.path.ends_with("compose.yaml"));
    let compose = compose.ok_or_else(|| Error::Defect("no compose.yaml was rendered".into()))?;
    let file = root.join(&compose.path);
    let variables = |name: &str| secrets.get(name).cloned().or_else(|| std::env::var(name).ok());
    let open = |path: &Path| std::fs::read_to_string(path);
    let desired = manifest::compose::read(&compose.text, &file, &variables, &open)?;
    Ok((desired, file))
}

impl Prepared {
    /// Writes the rendered files.
    ///
    /// # Errors
    /// A file cannot be written.
    pub(crate) fn write(&self, root: &Path) -> Result<write::Written, RenderError> {
        write::write(root, &self.folder, &self.rendered)
    }

    /// Keeps what was fetched and is now known to be what the stores have.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn keep_secrets(&self, root: &Path) -> Result<(), Error> {
        if self.unproven.is_empty() {
            return Ok(());
        }
        let _turn = lock::turn(root)?;
        Ok(secrets::set(root, &self.profile.name, &self.unproven)?)
    }

    /// The full names of the networks and volumes of the model, also of those that belong to somebody else.
    pub(crate) fn names(&self) -> Vec<String> {
        let networks = self.desired.networks.values().map(|network| network.name.clone());
        networks.chain(self.desired.volumes.values().map(|volume| volume.name.clone())).collect()
    }
}
