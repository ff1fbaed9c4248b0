//! Events as engines send them, folded into what a container does.

use bollard::models::EventActor;

use super::*;

/// What is known of a container after these events; `die 3` is an end with exit code 3.
fn after(events: &[&str]) -> Seen {
    let mut containers = HashMap::new();
    for event in events {
        let (action, code) = event.split_once(' ').unwrap_or((event, ""));
        let attributes = HashMap::from([("exitCode".to_owned(), code.to_owned())]);
        let actor = EventActor { id: Some("c1".to_owned()), attributes: Some(attributes) };
        fold(
            &mut containers,
            &EventMessage { action: Some(action.to_owned()), actor: Some(actor), ..EventMessage::default() },
        );
    }
    containers.remove("c1").expect("an event told of it")
}

fn seen(state: State, exit_code: Option<i64>, ends: u32) -> Seen {
    Seen { state, exit_code, ends, out_of_memory: false, stopped: false }
}

#[test]
fn a_restart_by_policy_is_an_end_and_a_start() {
    assert_eq!(after(&["start", "die 1"]), seen(State::Restarting, Some(1), 1));
    assert_eq!(after(&["start", "die 1", "start"]), seen(State::Running, Some(1), 1));
    assert_eq!(after(&["start", "die 1", "start", "die 2"]), seen(State::Restarting, Some(2), 2));
}

#[test]
fn docker_stop_is_no_restart_until_the_next_start() {
    let stopped = Seen { stopped: true, ..seen(State::Exited, Some(143), 1) };
    assert_eq!(after(&["start", "kill", "die 143", "stop"]), stopped);
    assert_eq!(after(&["start", "kill", "die 143", "stop", "start"]), seen(State::Running, Some(143), 1));
}

#[test]
fn out_of_memory_comes_before_the_end() {
    let killed = Seen { out_of_memory: true, ..seen(State::Restarting, Some(137), 1) };
    assert_eq!(after(&["start", "oom", "die 137"]), killed);
}

#[test]
fn a_pause_and_a_removal_are_states() {
    assert_eq!(after(&["start", "pause"]).state, State::Paused);
    assert_eq!(after(&["start", "pause", "unpause"]).state, State::Running);
    assert_eq!(after(&["start", "die 0", "destroy"]).state, State::Removing);
}

#[test]
fn podman_ends_what_nothing_starts_again_with_a_cleanup_and_says_remove() {
    let ended = Seen { stopped: true, ..seen(State::Exited, Some(3), 1) };
    assert_eq!(after(&["init", "start", "die 3", "cleanup"]), ended);
    let again = ["start", "die 3", "restart", "init", "start"];
    assert_eq!(after(&again), seen(State::Running, Some(3), 1));
    assert_eq!(after(&["start", "died 3", "cleanup", "remove"]).state, State::Removing);
}

#[test]
fn other_actions_change_nothing() {
    assert_eq!(after(&["start", "exec_create", "health_status: healthy"]), seen(State::Running, None, 0));
}
