//! Volumes, bind mounts and memory of a service.

use super::cursor::Cursor;
use super::document::Shared;
use super::networks::unknown;
use super::{long_form, paths, scalar};
use crate::plan::desired::{Mount, MountKind};

/// Reads `volumes` of a service.
pub(super) fn read(service: &Cursor<'_>, shared: &Shared<'_>) -> Vec<Mount> {
    let Some(mounts) = service.get("volumes") else { return Vec::new() };
    let items = mounts.items(|mounts| long_form::in_list(mounts, long_form::mount));
    items
        .iter()
        .filter(|mount| mount.is_mapping(long_form::mount))
        .filter_map(|item| mount(item, shared))
        .collect()
}

fn mount(mount: &Cursor<'_>, shared: &Shared<'_>) -> Option<Mount> {
    for (key, example) in [("type", "volume"), ("target", "/data")] {
        if mount.get(key).is_none() {
            mount.missing(key, example);
        }
    }
    let kind = match mount.get("type")?.choice(&["volume", "bind", "tmpfs"])?.as_str() {
        "volume" => MountKind::Volume,
        "bind" => MountKind::Bind,
        _ => MountKind::Tmpfs,
    };
    let options = |kind: &str| mount.get(kind).filter(|options| options.is_mapping(long_form::none));
    let (volume, bind, tmpfs) = (options("volume"), options("bind"), options("tmpfs"));
    for (name, options, own) in [
        ("volume", &volume, MountKind::Volume),
        ("bind", &bind, MountKind::Bind),
        ("tmpfs", &tmpfs, MountKind::Tmpfs),
    ] {
        if let Some(options) = options
            && kind != own
        {
            options.report(format!("these options are for `type: {name}`; remove them, or change `type`"));
        }
    }
    let is_true = |options: Option<&Cursor<'_>>, key| {
        options.and_then(|options| options.boolean_at(key)).unwrap_or_default()
    };
    let mode = |mode: Cursor<'_>| mode.parse("permission bits such as 0755", scalar::mode);
    Some(Mount {
        source: source(mount, kind, shared),
        target: target(mount)?,
        read_only: mount.boolean_at("read_only").unwrap_or_default(),
        create_host_path: is_true(bind.as_ref(), "create_host_path"),
        no_copy: is_true(volume.as_ref(), "nocopy"),
        tmpfs_size: tmpfs.as_ref().and_then(|tmpfs| tmpfs.bytes_at("size")),
        tmpfs_mode: tmpfs.as_ref().and_then(|tmpfs| tmpfs.get("mode")).and_then(mode),
        subpath: volume.as_ref().and_then(|volume| volume.text_at("subpath")),
        propagation: bind.as_ref().and_then(|bind| bind.text_at("propagation")),
        kind,
    })
}

fn source(mount: &Cursor<'_>, kind: MountKind, shared: &Shared<'_>) -> Option<String> {
    let Some(source) = mount.get("source") else {
        if kind == MountKind::Bind {
            mount.missing("source", "./data");
        }
        return None;
    };
    let text = source.text()?;
    match kind {
        MountKind::Bind => Some(paths::absolute(mount.context, &text).to_string_lossy().into_owned()),
        MountKind::Volume => {
            if !shared.volumes.contains_key(&text) {
                source.report(unknown("volume", &text, shared.volumes.keys().map(String::as_str)));
            }
            Some(text)
        }
        MountKind::Tmpfs => {
            source.report("memory has no source; remove it");
            None
        }
    }
}

fn target(mount: &Cursor<'_>) -> Option<String> {
    let target = mount.get("target")?;
    let text = target.text()?;
    if !text.starts_with('/') {
        target.report("expected an absolute path inside the container");
    }
    Some(text)
}
