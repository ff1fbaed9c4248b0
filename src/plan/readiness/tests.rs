//! Every verdict, from the smallest sighting that gives it.

use super::*;

fn component(role: Role, probe: Probe) -> Component {
    Component {
        name: "auth".into(),
        role,
        replicas: 1,
        depends_on: std::collections::BTreeMap::new(),
        optional: std::collections::BTreeSet::new(),
        restarts_with: std::collections::BTreeSet::new(),
        probe,
        deadline: Duration::from_secs(60),
        build: None,
        container: super::super::desired::Container::default(),
        hash: String::new(),
    }
}

fn sighting(state: State) -> Sighting {
    let elapsed = Duration::from_secs(1);
    Sighting { state, exit_code: None, ends: 0, out_of_memory: false, restarts: true, elapsed }
}

#[test]
fn a_running_service_is_asked_and_without_a_probe_it_is_ready() {
    let tcp = component(Role::Service, Probe::Tcp { port: 1 });
    assert_eq!(judge(&tcp, &sighting(State::Running)), Verdict::Ask);
    assert_eq!(judge(&component(Role::Service, Probe::None), &sighting(State::Running)), Verdict::Ready);
}

#[test]
fn a_service_that_ends_fails_at_once_only_where_nothing_restarts_it() {
    let service = component(Role::Service, Probe::None);
    let ended = Sighting { exit_code: Some(3), ends: 1, ..sighting(State::Exited) };
    assert_eq!(judge(&service, &ended), Verdict::Wait);
    let reason = Reason::Exited { exit_code: Some(3), out_of_memory: false };
    assert_eq!(judge(&service, &Sighting { restarts: false, ..ended }), Verdict::Failed(reason));
}

#[test]
fn the_fifth_end_is_a_crash_loop_even_while_it_runs() {
    let service = component(Role::Service, Probe::None);
    let fourth = Sighting { exit_code: Some(1), ends: 4, ..sighting(State::Restarting) };
    assert_eq!(judge(&service, &fourth), Verdict::Wait);
    let reason = Reason::CrashLoop { times: 5, exit_code: Some(1), out_of_memory: false };
    assert_eq!(
        judge(&service, &Sighting { ends: 5, state: State::Running, ..fourth }),
        Verdict::Failed(reason)
    );
}

#[test]
fn a_job_is_ready_when_it_ended_with_code_0() {
    let job = component(Role::Job, Probe::None);
    assert_eq!(judge(&job, &sighting(State::Running)), Verdict::Wait);
    let ended = Sighting { exit_code: Some(0), ends: 1, restarts: false, ..sighting(State::Exited) };
    assert_eq!(judge(&job, &ended), Verdict::Ready);
    let reason = Reason::JobFailed { exit_code: Some(2), out_of_memory: false };
    assert_eq!(judge(&job, &Sighting { exit_code: Some(2), ..ended }), Verdict::Failed(reason));
}

#[test]
fn the_deadline_ends_the_asking() {
    let service = component(Role::Service, Probe::Tcp { port: 1 });
    let late = Sighting { elapsed: Duration::from_secs(60), ..sighting(State::Running) };
    assert_eq!(
        judge(&service, &late),
        Verdict::Failed(Reason::NotReady { deadline: Duration::from_secs(60) })
    );
}

#[test]
fn pauses_grow_from_25_ms_to_half_a_second_and_exec_starts_later() {
    let direct: Vec<u128> = (0..7).map(|asked| pause(false, asked).as_millis()).collect();
    assert_eq!(direct, [25, 50, 100, 200, 400, 500, 500]);
    assert_eq!(pause(true, 0).as_millis(), 250);
    assert_eq!(pause(true, 9).as_millis(), 500);
}

#[test]
fn policies_decide_whether_an_end_is_the_end() {
    assert!(restarts(Some("unless-stopped"), Some(0)));
    assert!(restarts(Some("on-failure:3"), Some(1)));
    assert!(!restarts(Some("on-failure"), Some(0)));
    assert!(!restarts(Some("no"), Some(1)));
    assert!(!restarts(None, Some(1)));
}
