//! A folder with profiles that a test writes and that goes away with it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::profile::load;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// The folder.
pub(super) struct Project {
    root: PathBuf,
}

impl Project {
    /// An empty folder with `profiles/` in it.
    pub(super) fn empty() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("gw-profile-{}-{number}", std::process::id()));
        std::fs::create_dir_all(root.join("profiles")).unwrap();
        Self { root }
    }

    /// A folder with some files.
    pub(super) fn with(files: &[(&str, &str)]) -> Self {
        let project = Self::empty();
        for (name, content) in files {
            project.write(name, content.as_bytes());
        }
        project
    }

    /// A profile `p` with a project and a services file of one line each, and a services file with this `services`.
    pub(super) fn of_services(services: &str) -> Self {
        Self::with(&[
            ("profiles/p.json", "{ \"project\": \"p\", \"services\": \"../s.json\" }"),
            ("s.json", services),
        ])
    }

    /// Writes a file.
    pub(super) fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.root.join(name), content).unwrap();
    }

    /// The folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Everything that is wrong with a profile, as it is printed.
    pub(super) fn error(&self, name: &str) -> String {
        match load(&self.root, name) {
            Ok(profile) => panic!("loads: {profile:#?}"),
            Err(error) => error.to_string(),
        }
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}
