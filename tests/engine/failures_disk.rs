//! A full disk while gw writes. Needs root, as the whole ground does: a small file system is mounted.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::harness::{Project, sample};

/// A file system without any room, on a folder; taken away at the end.
struct FullDisk(PathBuf);

impl FullDisk {
    fn on(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("the folder can be made");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(folder).status();
        assert!(mounted.expect("mount runs").success());
        let disk = Self(folder.to_owned());
        let full = std::fs::write(disk.filler(), vec![b'x'; 1 << 20]);
        assert!(full.is_err(), "64 kB can not hold a megabyte");
        disk
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    fn free(&self) {
        std::fs::remove_file(self.filler()).expect("the filler goes");
    }
}

impl Drop for FullDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder can be listed")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// No room for the rendered files: 3, file and reason, no part of a file; nothing runs; with room the same command works.
#[test]
fn the_disk_is_full_where_files_are_rendered() {
    let project = Project::of(|port| json!({ "auth": sample(port, json!({})) }));
    let file = project.compose_file();
    let folder = file.parent().expect("it has a folder");
    let disk = FullDisk::on(folder);
    for command in ["up", "generate"] {
        let ended = project.expect(3, &[command]);
        let expected =
            format!("error: cannot write {}: No space left on device (os error 28)\n", file.display());
        assert!(ended.stderr.ends_with(&expected), "{}", ended.stderr);
        assert_eq!(names(folder), ["filler"]);
        assert_eq!(project.containers(), Vec::<String>::new());
    }
    disk.free();
    project.expect(0, &["up"]);
    assert_eq!(names(folder), ["compose.yaml"]);
}

/// No room in `.gw`: 3, file and reason, no part of a file; with room the same command works.
#[test]
fn the_disk_is_full_where_gw_keeps_its_own() {
    let project = Project::of(|port| json!({ "auth": sample(port, json!({})) }));
    let folder = project.root.join(".gw");
    let disk = FullDisk::on(&folder);
    let ended = project.expect(3, &["up"]);
    assert!(
        ended.stderr.starts_with(&format!("error: cannot write {}/", folder.display())),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.ends_with(": No space left on device (os error 28)\n"), "{}", ended.stderr);
    // Folders and empty locks take no room; of a file there is all or nothing.
    let written = |(name, content): (String, Vec<u8>)| {
        (name.starts_with(".gw/") && !content.is_empty()).then_some(name)
    };
    let files: Vec<String> = project.files().into_iter().filter_map(written).collect();
    assert_eq!(files, [".gw/filler"]);
    disk.free();
    project.expect(0, &["up"]);
}
