//! A file that the system does not let gw read. Root reads everything, so under root the test runs itself as another user.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::project::Project;
use crate::profile::load;

/// Where the child finds the project.
const ROOT: &str = "GW_TEST_UNREADABLE_ROOT";

/// This test, for the child's filter.
const NAME: &str = "profile::tests::unreadable::unreadable_files_say_so";

/// Nobody, on every Linux.
const OTHER_USER: u32 = 65534;

#[test]
fn unreadable_files_say_so() {
    if let Some(root) = std::env::var_os(ROOT) {
        assert_ne!(rustix::process::geteuid().as_raw(), 0);
        check(Path::new(&root));
        return;
    }
    let project = Project::with(&[
        ("profiles/p.json", "{ \"project\": \"p\", \"services\": \"../s.json\" }"),
        ("profiles/q.json", "{}"),
        ("s.json", "{ \"services\": {} }"),
    ]);
    for (name, mode) in [("", 0o755), ("profiles", 0o755), ("s.json", 0o000), ("profiles/q.json", 0o000)] {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(project.root().join(name), permissions).unwrap();
    }
    if rustix::process::geteuid().as_raw() != 0 {
        check(project.root());
        return;
    }
    // The other user may not reach the folder that the test was built in.
    let program = project.root().join("test-program");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let output = Command::new(&program)
        .args(["--exact", NAME])
        .env(ROOT, project.root())
        .current_dir(project.root())
        .uid(OTHER_USER)
        .gid(OTHER_USER)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("1 passed"), "{text}");
}

fn check(root: &Path) {
    let error = |name| load(root, name).unwrap_err().to_string();
    assert_eq!(
        error("p"),
        "profiles/p.json:1:31: services: the file s.json cannot be read: permission denied"
    );
    assert_eq!(error("q"), "profiles/q.json:1:1: the file cannot be read: permission denied");
}
