//! The examples under each command's help.

/// Of `gw --help`.
pub(super) const ROOT: &str = "\
Examples:
  gw fresh                        everything of profile default, from nothing to healthy
  gw up auth                      service auth and what it depends on
  gw -p test up --dry-run         what would be done for profile test
  gw health                       who is ready, who is not, and why
  gw down                         stop and remove; volumes are kept

Exit codes:
  0 done, 1 defect in gw, 2 usage, 3 invalid input or template, 4 no engine or it refused,
  5 conflict, 6 build or pull, 7 did not start, 8 not ready in time, 9 not cleaned up,
  10 files differ, 130 interrupted";

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
  gw up --dry-run                 what would be done, and why
  gw up --output json             one event a line";

/// Of `gw fresh --help`.
pub(super) const FRESH: &str = "\
Examples:
  gw fresh                        new containers, volumes are kept
  gw fresh --volumes              new containers and empty volumes
  gw fresh auth                   one service and what it depends on";

/// Of `gw down --help`.
pub(super) const DOWN: &str = "\
Examples:
  gw down                         containers and networks go, volumes stay
  gw down --volumes               the data goes too
  gw down --dry-run               what would go";

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
