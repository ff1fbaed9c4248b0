//! What must hold before `up` and `fresh` touch anything: found at once, said with the way out.

use super::drive::Site;
use super::prepare::Prepared;
use crate::engine::backend::Trouble;
use crate::error::Error;
use crate::plan::initialised::{self, Known, OtherPassword};
use crate::plan::observed::Observed;
use crate::plan::reconcile::Options;
use crate::plan::store_mode;
use crate::profile::store_secrets;
use crate::stack::owner_network_key;

/// Looks for everything that would make the run fail half-way.
///
/// # Errors
/// Each conflict is an error with exit code 5.
pub(super) fn preflight(prepared: &Prepared, site: &Site, options: &Options) -> Result<(), Error> {
    networks_of_others(prepared, &site.observed)?;
    if !options.removes_strays() {
        store_mode::check(&prepared.desired, &site.observed, &options.selected)?;
    }
    Ok(())
}

/// A volume takes the password that it was initialised with, and no other; what is to be removed takes any.
///
/// # Errors
/// Every volume that was initialised with another one.
pub(super) fn passwords(
    prepared: &Prepared,
    observed: &Observed,
    options: &Options,
) -> Result<(), OtherPassword> {
    if options.volumes {
        return Ok(());
    }
    let secret = |password: &str| {
        let named = prepared.secrets.iter().find(|(_, value)| *value == password);
        named.map(|(name, _)| name.clone())
    };
    let known = Known {
        selected: &options.selected,
        resolved: &options.resolved,
        secret: &secret,
        rotates: &|name| name == store_secrets::MONGODB_ROOT,
    };
    initialised::check(&prepared.desired, observed, &known)
}

/// A network that a template or a patch calls somebody else's must be there; that of an owner is looked at before.
fn networks_of_others(prepared: &Prepared, observed: &Observed) -> Result<(), Error> {
    let owners = prepared.profile.borrowed.as_ref().map(|taken| owner_network_key(&taken.project));
    let networks = prepared.desired.networks.values().filter(|network| network.external);
    let mut others = networks.filter(|network| owners.as_ref() != Some(&network.name));
    match others.find(|network| !observed.networks.contains_key(&network.name)) {
        None => Ok(()),
        Some(network) => {
            let message = format!("network {} is not there, and is not this project's to make", network.name);
            Err(Trouble::Conflict(message).into())
        }
    }
}
