//! Contexts on disk, and the archives made of them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use super::{Archive, Context, ContextError};
use crate::engine::docker::random;
use crate::plan::desired::Build;

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("img-context-{}", random::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn write(&self, path: &str, text: &str) -> PathBuf {
        let file = self.0.join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        fs::write(&file, text).expect("a file");
        file
    }

    fn build(&self, dockerfile: &str) -> Build {
        build(&self.0, dockerfile)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn build(context: &Path, dockerfile: &str) -> Build {
    Build {
        context: context.to_owned(),
        dockerfile: dockerfile.to_owned(),
        target: None,
        args: BTreeMap::new(),
        network: None,
        hint: None,
    }
}

fn archive(build: &Build) -> Vec<u8> {
    let mut archive = Archive::new(Vec::new(), Context::open(build).expect("a context"));
    archive.write().expect("an archive");
    archive.builder.into_inner().expect("the bytes")
}

/// `MODE PATH[ -> TARGET]=CONTENT` of each entry.
fn listing(bytes: &[u8]) -> Vec<String> {
    let mut archive = tar::Archive::new(bytes);
    let entries = archive.entries().expect("entries").map(|entry| {
        let mut entry = entry.expect("an entry");
        let header = entry.header();
        assert_eq!((header.uid().expect("uid"), header.gid().expect("gid")), (0, 0));
        let mode = header.mode().expect("mode");
        let path = entry.path().expect("path").display().to_string();
        let target =
            entry.link_name().expect("link").map(|to| format!(" -> {}", to.display())).unwrap_or_default();
        let mut content = String::new();
        entry.read_to_string(&mut content).expect("content");
        format!("{mode:o} {path}{target}={content}")
    });
    entries.collect()
}

#[test]
fn archive_keeps_modes_and_links_and_honours_patterns() {
    let folder = Folder::new();
    folder.write("Dockerfile", "FROM scratch");
    folder.write(".dockerignore", "*\n!app\n!keep/this\napp/*.log\nDockerfile\n");
    let run = folder.write("app/run", "run");
    fs::set_permissions(&run, fs::Permissions::from_mode(0o755)).expect("a mode");
    folder.write("app/out.log", "no");
    folder.write("app/sub/out.log", "yes");
    folder.write("keep/this", "this");
    folder.write("keep/not", "no");
    folder.write("secret", "no");
    symlink("run", folder.0.join("app/link")).expect("a link");
    symlink("/nowhere", folder.0.join("app/broken")).expect("a link");
    let long = "l".repeat(120);
    folder.write(&format!("app/{long}/{long}"), "long");
    for (path, mode) in [("app", 0o750), ("app/sub", 0o755), ("keep", 0o755), ("Dockerfile", 0o644)] {
        fs::set_permissions(folder.0.join(path), fs::Permissions::from_mode(mode)).expect("a mode");
    }
    for path in [".dockerignore", "app/sub/out.log", "keep/this", &format!("app/{long}/{long}")] {
        fs::set_permissions(folder.0.join(path), fs::Permissions::from_mode(0o640)).expect("a mode");
    }
    fs::set_permissions(folder.0.join(format!("app/{long}")), fs::Permissions::from_mode(0o755))
        .expect("a mode");
    let listed = listing(&archive(&folder.build("Dockerfile")));
    assert_eq!(
        listed,
        [
            "640 .dockerignore=*\n!app\n!keep/this\napp/*.log\nDockerfile\n".to_owned(),
            "644 Dockerfile=FROM scratch".to_owned(),
            "750 app/=".to_owned(),
            "777 app/broken -> /nowhere=".to_owned(),
            "777 app/link -> run=".to_owned(),
            format!("755 app/{long}/="),
            format!("640 app/{long}/{long}=long"),
            "755 app/run=run".to_owned(),
            "755 app/sub/=".to_owned(),
            "640 app/sub/out.log=yes".to_owned(),
            "755 keep/=".to_owned(),
            "640 keep/this=this".to_owned(),
        ]
    );
}

#[test]
fn dockerfile_may_lie_deep_and_bring_its_own_patterns() {
    let folder = Folder::new();
    folder.write("ops/docker/dev.Dockerfile", "FROM scratch");
    folder.write("ops/docker/dev.Dockerfile.dockerignore", "**\n!src\n");
    folder.write(".dockerignore", "src\n");
    folder.write("src/a", "a");
    folder.write("other", "no");
    let listed = listing(&archive(&folder.build("./ops/docker/dev.Dockerfile")));
    let paths: Vec<&str> = listed.iter().filter_map(|line| line.split([' ', '=']).nth(1)).collect();
    assert_eq!(paths, [".dockerignore", "ops/", "ops/docker/", "ops/docker/dev.Dockerfile", "src/", "src/a"]);
}

#[test]
fn mistakes_are_found_before_anything_is_sent() {
    let folder = Folder::new();
    let context = folder.0.clone();
    let missing = context.join("missing");
    assert_eq!(Context::open(&build(&missing, "Dockerfile")).unwrap_err(), ContextError::Missing(missing));
    let file = folder.write("file", "");
    assert_eq!(Context::open(&build(&file, "Dockerfile")).unwrap_err(), ContextError::NotAFolder(file));
    assert_eq!(
        Context::open(&folder.build("Dockerfile")).unwrap_err().to_string(),
        format!("there is no Dockerfile in the build context {}", context.display())
    );
    for outside in ["../Dockerfile", "/etc/passwd", "a/../../Dockerfile"] {
        assert_eq!(
            Context::open(&folder.build(outside)).unwrap_err(),
            ContextError::DockerfileOutside { dockerfile: outside.to_owned(), context: context.clone() }
        );
    }
    folder.write("Dockerfile", "");
    let file = folder.write(".dockerignore", "a\n\n[b\n");
    assert_eq!(
        Context::open(&folder.build("Dockerfile")).unwrap_err().to_string(),
        format!("{}:3: `[b` is no pattern", file.display())
    );
}

#[test]
fn same_files_give_the_same_bytes() {
    let folder = Folder::new();
    for name in ["Dockerfile", "b", "a", "c/d"] {
        folder.write(name, name);
    }
    assert_eq!(archive(&folder.build("Dockerfile")), archive(&folder.build("Dockerfile")));
}
