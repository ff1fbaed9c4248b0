//! The examples under each command's help.

/// Of `gw --help`.
pub(super) const ROOT: &str = "\
Examples:
  gw fresh                        everything of profile default, from nothing to healthy
  gw up auth                      service auth and what it depends on
  gw -p test up --dry-run         what would be done for profile test
  gw health                       who is ready, who is not, and why
  gw run --isolated -- npm test   a stack for one command, beside all others
  gw down                         stop and remove; volumes are kept

Exit codes:
  0 done, 1 defect in gw, 2 usage, 3 invalid input or template, 4 no engine or it refused,
  5 conflict, 6 build or pull, 7 did not start, 8 not ready in time, 9 not cleaned up,
  10 files differ, 125 gw's own failure in gw run (else the command's code), 130 interrupted";

/// Of `gw generate --help`.
pub(super) const GENERATE: &str = "\
Examples:
  gw generate                     render profile default into generated/default/
  gw generate --all --check       exit with code 10 if a committed file is not current";

/// Of `gw up --help`.
pub(super) const UP: &str = "\
Examples:
  gw up                           everything, unchanged containers stay
  gw up auth kyc                  two services and what they depend on
  gw up --no-deps auth            one service alone
  gw up -p test --take-over       profile test, on ports that another profile holds now
  gw up -p combo --with-shared    also what combo borrows of another profile
  gw up --dry-run                 what would be done, and why
  gw up --isolated                beside everything else, on ports that the engine chooses
  gw up --timeline up.html        where the time went, as a page
  gw up --budget 40s              code 8 when it takes longer, and what took it
  gw up --output json             one event a line";

/// Of `gw fresh --help`.
pub(super) const FRESH: &str = "\
Examples:
  gw fresh                        new containers, volumes are kept
  gw fresh --volumes              new containers and empty volumes
  gw fresh auth                   one service and what it depends on
  gw fresh --timeline fresh.svg   where the time went, as a picture
  gw fresh --budget 1m30s         code 8 when it takes longer, and what took it";

/// Of `gw run --help`.
pub(super) const RUN: &str = "\
Examples:
  gw run -- npm test              up, the command, down; the code is the command's, 125 where gw fails
  gw run --isolated -- npm test   on a project and ports of its own: several at once
  gw run auth -- sh -c 'curl $AUTH_URL/health'
  gw run --isolated=42 --keep-on-failure -- npm test
  gw run --report out -- npm test  also logs, events and junit.xml, in out/";

/// Of `gw down --help`.
pub(super) const DOWN: &str = "\
Examples:
  gw down                         containers and networks go, volumes stay
  gw down --volumes               the data goes too
  gw down --force                 also while other projects use this one
  gw down --all                   every stack of this checkout, also of deleted profiles
  gw down --isolated=42           an isolated run, with its data and images
  gw down --dry-run               what would go";

/// Of `gw adopt --help`.
pub(super) const ADOPT: &str = "\
Examples:
  gw adopt                        this folder was moved: what it made before is its own again
  gw adopt --from ../old          another checkout is deleted: what it left becomes this one's
  gw adopt --host old-name        this host had another name";

/// Of `gw gc --help`.
pub(super) const GC: &str = "\
Examples:
  gw gc                           list what deleted checkouts and killed runs left, with sizes, and ask
  gw gc --dry-run                 what would be removed, in which order
  gw gc --yes                     remove it without asking";

/// Of `gw logs --help`.
pub(super) const LOGS: &str = "\
Examples:
  gw logs -f                      follow everything, also containers that are replaced
  gw logs -n 50 auth kyc          the last 50 lines of two services
  gw logs --since 10m auth        what auth printed in the last ten minutes";

/// Of `gw exec --help`.
pub(super) const EXEC: &str = "\
Examples:
  gw exec auth -- env             a command in the running container
  gw exec -T redis -- redis-cli ping
  gw exec --new auth -- auth-cli  in a new container that is removed afterwards";

/// Of `gw env --help`.
pub(super) const ENV: &str = "\
Examples:
  eval \"$(gw env auth)\"           what auth gets, with addresses that this machine reaches
  gw env --format dotenv > .env";

/// Of `gw completions --help`.
pub(super) const COMPLETIONS: &str = "\
Examples:
  gw completions bash > ~/.local/share/bash-completion/completions/gw
  gw completions zsh > ~/.zfunc/_gw
  gw completions fish > ~/.config/fish/completions/gw.fish";

/// Of `gw stop --help`.
pub(super) const STOP: &str = "\
Examples:
  gw stop                         everything stops, nothing goes: gw up starts it again
  gw stop auth                    one service";

/// Of `gw restart --help`.
pub(super) const RESTART: &str = "\
Examples:
  gw restart auth                 the same container, started anew and awaited
  gw restart --dry-run            what would be stopped and started";

/// Of `gw build --help`.
pub(super) const BUILD: &str = "\
Examples:
  gw build                        every image of the profile, several at once
  gw build --dry-run              which images, each once
  gw build --no-cache --pull auth with newer base images, and nothing from earlier builds";

/// Of `gw status --help`.
pub(super) const STATUS: &str = "\
Examples:
  gw status                       state, readiness, ports and image of everything
  gw status --isolated=42         the same of an isolated run
  gw status --output json         the same for a program";

/// Of `gw health --help`.
pub(super) const HEALTH: &str = "\
Examples:
  gw health                       the question, the answer, how quickly it came; exit code 8 if one is not ready
  gw health mongodb redis         who is primary, who is master";

/// Of `gw ports --help`.
pub(super) const PORTS: &str = "\
Examples:
  gw ports                        every address, inside the project and on this machine
  gw ports gateway";

/// Of `gw profiles --help`.
pub(super) const PROFILES: &str = "\
Examples:
  gw profiles                     what there is to run, also what has mistakes
  gw profiles --markdown          the table of a README";

/// Of `gw import --help`.
pub(super) const IMPORT: &str = "\
Examples:
  gw import compose.yaml          profiles/default.json and services.json, and what is not carried over
  gw import -p old old/compose.yaml
                                  profiles/old.json and services.old.json
  gw import --dry-run compose.yaml
                                  what would be written
  docker compose config --no-interpolate --no-path-resolution | gw import -
                                  several files, or one with include or extends";

/// Of `gw templates --help`.
pub(super) const TEMPLATES: &str = "\
Examples:
  gw templates list               which there are, and which the project overrides
  gw templates eject gateway/nginx.conf.tera
  gw templates pin                all of them, so that another gw renders the same";

/// Of `gw templates list --help`.
pub(super) const TEMPLATES_LIST: &str = "\
Examples:
  gw templates list               which there are, and which the project overrides";

/// Of `gw templates eject --help`.
pub(super) const TEMPLATES_EJECT: &str = "\
Examples:
  gw templates eject gateway/nginx.conf.tera";

/// Of `gw templates pin --help`.
pub(super) const TEMPLATES_PIN: &str = "\
Examples:
  gw templates pin                into templates/; those that are there stay as they are";

/// Of `gw secrets --help`.
pub(super) const SECRETS: &str = "\
Examples:
  gw secrets list                 where each comes from, who uses it, which are missing
  gw secrets rotate               new passwords for MongoDB and Redis; their data stays
  gw secrets rotate --dry-run GW_REDIS_PASSWORD";

/// Of `gw secrets list --help`.
pub(super) const SECRETS_LIST: &str = "\
Examples:
  gw secrets list                 where each comes from, who uses it, which are missing
  gw secrets list --output json   the same for a program; never a value";

/// Of `gw secrets rotate --help`.
pub(super) const SECRETS_ROTATE: &str = "\
Examples:
  gw secrets rotate               new passwords for MongoDB and Redis; their data stays
  gw secrets rotate SESSION_KEY   one that gw made, by its name
  gw secrets rotate --dry-run     the steps";

/// Of `gw doctor --help`.
pub(super) const DOCTOR: &str = "\
Examples:
  gw doctor                       engine, images, folders: what is there, what is missing, what to do";

/// Of `gw schema --help`.
pub(super) const SCHEMA: &str = "\
Examples:
  gw schema profile > schema/profile.schema.json
  gw schema services > schema/services.schema.json";
