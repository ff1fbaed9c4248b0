//! The critical path and where the time went: side by side, a failure, an interrupt, nothing to do, several plans.

use super::*;
use crate::report::timeline::over_budget;

#[test]
fn side_by_side_the_slower_one_decides() {
    let expected = "\
up ms: done in 2.7 s
0.05 s before the first operation
0.85 s pull image redis:8
0.10 s create container redis-1
0.15 s start container redis-1
0.45 s await redis
0.11 s start container kyc-1
0.70 s await kyc
0.09 s start container gateway-1
0.10 s await gateway
0.11 s after the last of these
--
network default 0.07 s: 0.07 s create
redis 1.6 s: 0.85 s pull, 0.10 s create, 0.15 s start, 0.45 s until ready
auth 1.9 s: waited 0.07 s for network default, 0.08 s create, waited 1.4 s for redis, 0.10 s start, 0.30 s until ready
kyc 2.4 s: waited 0.07 s for network default, 0.10 s create, waited 1.4 s for redis, 0.11 s start, 0.70 s until ready
gateway 2.5 s: waited 0.07 s for network default, 0.12 s create, waited 2.2 s for kyc, 0.09 s start, 0.10 s until ready
replaced images 0.10 s: 0.10 s remove
";
    assert_eq!(from_nothing().told(Outcome::Done, 2710), expected);
}

#[test]
fn a_failure_is_where_the_path_ends_and_what_waited_for_it_never_began() {
    let mut run = Run::new();
    let base = run.component("base", &[], &[]);
    let auth = run.component("auth", &[], &[]);
    let kyc = run.component("kyc", &[], &[auth, base]);
    let pay = run.component("pay", &[], &[kyc]);
    run.planned();
    run.came_up([10, 100, 100, 200, 300], base);
    run.ran(10, 120, auth.0);
    run.ran(10, 130, kyc.0);
    run.ran(10, 140, pay.0);
    run.ran(120, 220, auth.1);
    run.starts(220, auth.2);
    run.news(230, "auth", "503 no database");
    run.ends(5220, auth.2, failed("not ready after 5 s"));
    // What is half-made goes: another plan, which is no part of the path.
    let mut run = run.next();
    let stopped = run.add(Phase::Cleanup, stop("ms-auth-1"), &[]);
    let removed = run.add(Phase::Cleanup, remove("ms-auth-1"), &[stopped]);
    let other = run.add(Phase::Cleanup, remove("ms-kyc-1"), &[]);
    run.planned();
    run.ran(5300, 7300, stopped);
    run.ran(7300, 7400, removed);
    run.ran(5300, 5400, other);
    let expected = "\
up ms: failed after 7.4 s
0.01 s before the first operation
0.11 s create container auth-1
0.10 s start container auth-1
5.0 s await auth: failed
2.2 s after the last of these
--
base 0.29 s: 0.09 s create, 0.10 s start, 0.10 s until ready
auth 7.4 s, failed: 0.11 s create, 0.10 s start, 5.0 s not ready, 2.1 s remove
kyc 5.4 s, not done: 0.12 s create, waited 5.1 s for auth, 0.10 s remove
pay 5.2 s, not done: 0.13 s create, waited 5.1 s for auth
";
    assert_eq!(run.told(failed("auth: not ready after 5 s"), 7400), expected);
}

#[test]
fn an_interrupt_cuts_what_ran_and_the_path_is_to_what_ran_longest() {
    let mut run = Run::new();
    let mongo = run.component("mongo", &[], &[]);
    let redis = run.component("redis", &[], &[]);
    let auth = run.component("auth", &[], &[mongo, redis]);
    run.planned();
    run.ran(10, 120, mongo.0);
    run.ran(10, 110, redis.0);
    run.ran(11, 120, auth.0);
    run.ran(110, 140, redis.1);
    run.ran(120, 150, mongo.1);
    run.starts(150, mongo.2);
    run.starts(140, redis.2);
    run.ends(2000, mongo.2, Outcome::Cancelled);
    run.ends(2001, redis.2, Outcome::Cancelled);
    let expected = "\
up ms: interrupted after 2.1 s
0.01 s before the first operation
0.10 s create container redis-1
0.03 s start container redis-1
1.9 s await redis: not done
0.10 s after the last of these
--
redis 2.0 s, not done: 0.10 s create, 0.03 s start, 1.9 s not ready
mongo 2.0 s, not done: 0.11 s create, 0.03 s start, 1.9 s not ready
auth 2.0 s, not done: 0.11 s create, waited 1.9 s for mongo
";
    assert_eq!(run.told(Outcome::Cancelled, 2100), expected);
}

#[test]
fn what_never_ended_ends_with_the_last_event() {
    let mut run = Run::new();
    let auth = run.component("auth", &[], &[]);
    run.planned();
    run.ran(10, 100, auth.0);
    run.starts(100, auth.1);
    run.news(400, "auth", "news");
    let expected = "\
up ms: interrupted after 0.50 s
0.01 s before the first operation
0.09 s create container auth-1
0.30 s start container auth-1: not done
0.10 s after the last of these
--
auth 0.39 s, not done: 0.09 s create, 0.30 s start
";
    assert_eq!(run.told(Outcome::Cancelled, 500), expected);
}

#[test]
fn with_nothing_to_do_the_path_is_the_last_answer() {
    let mut run = Run::new();
    let mongo = run.existing("mongo", &[]);
    let auth = run.existing("auth", &[mongo]);
    run.planned();
    run.ran(80, 90, mongo);
    run.ran(91, 101, auth);
    let expected = "\
up ms: done in 0.10 s
0.08 s before the first operation
0.01 s await mongo
0.01 s await auth
--
mongo 0.01 s: 0.01 s until ready
auth 0.02 s: waited 0.01 s for mongo, 0.01 s until ready
";
    assert_eq!(run.told(Outcome::Done, 101), expected);
    let nothing = "up ms: failed after 0.02 s\n0.02 s before the first operation\n--\n";
    assert_eq!(Run::new().told(failed("no engine"), 20), nothing);
}

#[test]
fn a_second_plan_goes_on_from_the_first() {
    let mut run = Run::new();
    let built = run.add(Phase::Build, build("ms-auth", "auth"), &[]);
    let short = run.add(Phase::Build, build("ms-kyc", "kyc"), &[]);
    run.planned();
    run.ran(20, 3020, built);
    run.ran(20, 120, short);
    let mut run = run.next();
    let removed = run.add(Phase::Clean, remove("ms-auth-1"), &[]);
    let auth = run.component("auth", &[removed], &[]);
    let kyc = run.existing("kyc", &[auth.2]);
    run.planned();
    run.ran(3100, 3200, removed);
    run.came_up([3200, 3300, 3300, 3400, 3500], auth);
    run.ran(3500, 3510, kyc);
    let expected = "\
up ms: done in 3.5 s
0.02 s before the first operation
3.0 s build image ms-auth
0.08 s between two operations
0.10 s remove container ms-auth-1
0.10 s create container auth-1
0.10 s start container auth-1
0.10 s await auth
0.01 s await kyc
--
auth 3.5 s: 3.0 s build, 0.10 s remove, 0.10 s create, 0.10 s start, 0.10 s until ready
kyc 3.5 s: 0.10 s build, waited 0.40 s for auth, 0.01 s until ready
";
    assert_eq!(run.told(Outcome::Done, 3510), expected);
}

#[test]
fn an_image_stands_in_every_row_that_is_made_of_it_and_on_the_path_in_the_one_that_goes_on() {
    let mut run = Run::new();
    let built = run.add(Phase::Build, build("ms-sample", "auth"), &[]);
    let auth = run.component("auth", &[built], &[]);
    let kyc = run.component("kyc", &[built], &[]);
    run.planned();
    run.ran(10, 1010, built);
    run.came_up([1010, 1110, 1110, 1210, 1310], auth);
    run.came_up([1010, 1120, 1120, 1220, 1420], kyc);
    let timeline = run.timeline(Outcome::Done, 1420);
    let rows: Vec<&str> = timeline.critical_path.iter().map(|step| step.row.as_str()).collect();
    assert_eq!(rows, ["kyc"; 4]);
    let builds = timeline.rows.iter().map(|row| words::segment(&row.segments[0], &row.outcome));
    assert_eq!(builds.collect::<Vec<_>>(), ["1.0 s build", "1.0 s build"]);
}

#[test]
fn an_optional_dependency_that_failed_is_not_blamed() {
    let mut run = Run::new();
    let extra = run.component("extra", &[], &[]);
    let mongo = run.component("mongo", &[], &[]);
    let auth = run.component("auth", &[], &[mongo]);
    run.plan.wait_for_end(auth.1, &[extra.2]);
    run.planned();
    run.ran(0, 100, extra.0);
    run.ran(100, 200, extra.1);
    run.starts(200, extra.2);
    run.ends(300, extra.2, failed("no"));
    run.ran(0, 100, mongo.0);
    run.ran(100, 200, mongo.1);
    run.ran(0, 100, auth.0);
    run.starts(200, mongo.2);
    run.ends(1100, mongo.2, failed("no"));
    let told = run.told(failed("no"), 1100);
    assert!(told.ends_with("auth 1.1 s, not done: 0.10 s create, waited 1.0 s for mongo\n"), "{told}");
}

#[test]
fn containers_of_one_component_are_one_bar_and_those_of_none_have_a_row() {
    let mut run = Run::new();
    let stranger = run.add(Phase::Clean, remove("ms-dropped-1"), &[]);
    let stopped = run.add(Phase::Clean, stop("ms-auth-1"), &[]);
    let removed = run.add(Phase::Clean, remove("ms-auth-1"), &[stopped]);
    let auth = run.component("auth", &[removed], &[]);
    let create = Operation::CreateContainer { component: "auth".to_owned(), number: 2 };
    let second = run.add(Phase::Start, create, &[]);
    run.planned();
    run.ran(0, 30, stranger);
    run.ran(0, 50, stopped);
    run.ran(51, 100, removed);
    run.ran(100, 180, auth.0);
    run.ran(110, 200, second);
    run.ran(200, 250, auth.1);
    run.ran(250, 300, auth.2);
    let told = run.told(Outcome::Done, 300);
    let rows = "--\ncontainer ms-dropped-1 0.03 s: 0.03 s remove\n\
                auth 0.30 s: 0.10 s remove, 0.10 s create, 0.05 s start, 0.05 s until ready\n";
    assert!(told.ends_with(rows), "{told}");
}

#[test]
fn a_budget_that_is_used_up_says_on_what_and_what_was_waited_for() {
    let mut run = Run::new();
    let pulled = run.add(Phase::Build, pull("big:1"), &[]);
    let mongo = run.component("mongo", &[], &[]);
    let auth = run.component("auth", &[], &[mongo]);
    run.component("web", &[pulled], &[]);
    run.planned();
    run.starts(60, pulled);
    run.came_up([60, 100, 100, 200, 1000], mongo);
    run.ran(60, 100, auth.0);
    run.ran(1000, 1100, auth.1);
    run.starts(1100, auth.2);
    run.news(1200, "auth", "connection refused");
    run.news(1300, "auth", "503 \u{1b}[31mno\n database");
    let progress = EventKind::Progress {
        subject: "big:1".to_owned(),
        text: "downloading".to_owned(),
        current: Some(94),
        total: Some(200),
    };
    run.event(1400, progress);
    run.ends(5000, auth.2, Outcome::Cancelled);
    run.ends(5000, pulled, Outcome::Cancelled);
    let expected = "\
not done within the budget of 5.0 s; this took the time:
        0.06 s before the first operation
         4.9 s pull image big:1: not done
still at work: pull image big:1, for 4.9 s: downloading, 47 % of 200 B
still waited for auth, for 3.9 s: 503 no  database";
    assert_eq!(over_budget(&run.record, Duration::from_secs(5)), expected);
    let mut waits = Run::new();
    let text = "another gw works on project ms: waiting for it".to_owned();
    waits.event(100, EventKind::Note { text });
    let expected = "\
not done within the budget of 1.0 s; this took the time:
         1.0 s before the first operation
the last that gw said: another gw works on project ms: waiting for it";
    assert_eq!(over_budget(&waits.record, Duration::from_secs(1)), expected);
}
