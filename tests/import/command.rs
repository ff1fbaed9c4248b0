//! The command: what it writes and says, and what it leaves alone.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const COMPOSE: &str = "services:\n  web:\n    image: web:1\n    ports: [\"80:80\"]\n    attach: false\n";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("gw-import-command-{}", std::process::id())).join(name);
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        std::fs::write(folder.join("compose.yaml"), COMPOSE).expect("the file can be written");
        Self(folder)
    }

    /// `code N`, standard output, `---`, standard error.
    fn gw(&self, arguments: &[&str], input: &str) -> String {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gw"))
            .args(arguments)
            .current_dir(&self.0)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("gw starts");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("gw reads");
        let output = child.wait_with_output().expect("gw ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        let code = output.status.code().expect("gw ends by itself");
        format!("code {code}\n{}---\n{}", text(output.stdout), text(output.stderr))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const NOTES: &str = "
Not carried over:
  FROM:5:5: services.web.attach: `gw logs SERVICE` chooses what is shown

To know:
  FROM:1:1: published on every address of this machine, as in Compose: web. Without `address` it is 127.0.0.1 only
  FROM:1:1: ready as soon as they run, as in Compose: web. Without `\"ready\": \"none\"` gw waits until the first port answers
";

/// The files, the notes, the next step; a second time nothing is written over.
#[test]
fn it_writes_two_files_and_never_over_others() {
    let folder = Folder::new("shop");
    let notes = NOTES.replace("FROM", "compose.yaml");
    let wrote = "wrote profiles/default.json\nwrote services.json\n";
    let next = "\nNext: gw generate, read the result, gw up\n";
    assert_eq!(folder.gw(&["import", "compose.yaml"], ""), format!("code 0\n{wrote}{notes}{next}---\n"));
    let way = "remove it, or import into another profile: gw -p NAME import ...";
    let there = format!(
        "code 3\n---\nerror: profiles/default.json:1:1: the file is there already\n    {way}\nerror: services.json:1:1: the file is there already\n    {way}\n"
    );
    let again = folder.gw(&["import", "compose.yaml"], "");
    assert_eq!(again, there);
    let (wrote, next) = (
        "wrote profiles/old.json\nwrote services.old.json\n",
        "\nNext: gw -p old generate, read the result, gw -p old up\n",
    );
    assert_eq!(
        folder.gw(&["-p", "old", "import", "compose.yaml"], ""),
        format!("code 0\n{wrote}{notes}{next}---\n")
    );
    let profile = std::fs::read_to_string(folder.0.join("profiles/old.json")).expect("it is written");
    assert_eq!(profile, "{\n  \"project\": \"shop\",\n  \"services\": \"../services.old.json\"\n}\n");
}

/// A dry run prints the files instead, and standard input is a file too.
#[test]
fn a_dry_run_writes_nothing() {
    let folder = Folder::new("dry");
    let notes = NOTES.replace("FROM", "standard input");
    let profile =
        "profiles/default.json:\n{\n  \"project\": \"dry\",\n  \"services\": \"../services.json\"\n}\n\n";
    let services = "services.json:\n{\n  \"services\": {\n    \"web\": {\n      \"image\": \"web:1\",\n      \"port\": {\n        \"container\": 80,\n        \"host\": 80,\n        \"address\": \"0.0.0.0\"\n      },\n      \"ready\": \"none\",\n      \"restart\": \"no\"\n    }\n  }\n}\n\n";
    assert_eq!(
        folder.gw(&["import", "--dry-run", "-"], COMPOSE),
        format!("code 0\n{profile}{services}{notes}---\n")
    );
    assert!(!folder.0.join("profiles").exists() && !folder.0.join("services.json").exists());
    let json = folder.gw(&["import", "--dry-run", "--output", "json", "-"], COMPOSE);
    let line = json.lines().nth(1).expect("a line");
    let object: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!((&object["version"], &object["written"]), (&1.into(), &false.into()));
    assert_eq!(object["files"][1]["path"], "services.json");
    let kinds: Vec<&str> =
        object["notes"].as_array().expect("a list").iter().filter_map(|note| note["kind"].as_str()).collect();
    assert_eq!(kinds, ["remark", "remark", "notCarriedOver"]);
}

/// Mistakes end with 3, with file, line, column and key, and nothing is written.
#[test]
fn a_mistake_in_the_file_ends_with_3() {
    let folder = Folder::new("wrong");
    let said = folder.gw(&["import", "-"], "services:\n  a: {imag: x}\n");
    let expected = "code 3\n---\nerror: standard input:2:3: services.a: a service has `image` or `build`\nerror: standard input:2:7: services.a.imag: Compose has no key `imag` for a service\n";
    assert_eq!(said, expected);
    assert!(
        folder
            .gw(&["import", "none.yaml"], "")
            .starts_with("code 3\n---\nerror: none.yaml:1:1: the file cannot be read: ")
    );
    assert!(!folder.0.join("profiles").exists());
}
