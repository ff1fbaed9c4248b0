//! Each switch, on the real binary.

use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::fake_redis::FakeRedis;
use crate::harness::{CLOSED_PORT, Service, finished};

#[test]
fn start_delay_listens_only_after_it() {
    let started = Instant::now();
    let service = Service::start(&[("SAMPLE_START_DELAY_MS", "300")]);
    assert!(started.elapsed() >= Duration::from_millis(300), "{:?}", started.elapsed());
    assert_eq!(service.get("/health").0, 200);
}

#[test]
fn exit_at_once_comes_before_listening() {
    let expected = (Some(7), "exiting by itself with code 7\n".to_owned(), String::new());
    assert_eq!(finished(&[("SAMPLE_EXIT_AFTER_MS", "0"), ("SAMPLE_EXIT_CODE", "7")]), expected);
    assert_eq!(finished(&[("SAMPLE_EXIT_CODE", "7")]), expected);
}

#[test]
fn exit_later_comes_after_listening() {
    let started = Instant::now();
    let mut service = Service::start(&[("SAMPLE_EXIT_AFTER_MS", "300"), ("SAMPLE_EXIT_CODE", "0")]);
    assert_eq!(service.next_line(), "exiting by itself with code 0");
    assert_eq!(service.exit_code(), Some(0));
    assert!(started.elapsed() >= Duration::from_millis(300), "{:?}", started.elapsed());
}

#[test]
fn log_lines_come_first_and_numbered() {
    let (code, stdout, _) = finished(&[("SAMPLE_LOG_LINES", "3"), ("SAMPLE_EXIT_CODE", "1")]);
    let expected = "line 1 of 3\nline 2 of 3\nline 3 of 3\nexiting by itself with code 1\n";
    assert_eq!((code, stdout.as_str()), (Some(1), expected));
}

#[test]
fn not_ready_first_answers_503_so_many_times() {
    let service = Service::start(&[("SAMPLE_NOT_READY_FIRST", "2")]);
    for number in 1..=2 {
        let reason = format!("not ready: request {number} of 2 (SAMPLE_NOT_READY_FIRST)");
        let expected = json!({ "status": "unhealthy", "service": "sample", "reason": reason });
        assert_eq!(service.get("/health"), (503, expected));
    }
    assert_eq!(service.get("/health").0, 200);
}

#[test]
fn unhealthy_stays_so_with_a_reason() {
    let service = Service::start(&[("SAMPLE_UNHEALTHY", "1")]);
    let reason = "told to be unhealthy (SAMPLE_UNHEALTHY)";
    let expected = json!({ "status": "unhealthy", "service": "sample", "reason": reason });
    for _ in 0..3 {
        assert_eq!(service.get("/health"), (503, expected.clone()));
    }
    assert_eq!(service.get("/").0, 200);
}

#[test]
fn hang_never_answers_health_but_all_else() {
    let service = Service::start(&[("SAMPLE_HANG", "1")]);
    let mut stream = service.send("GET", "/health", &[]);
    assert_eq!(service.get("/").0, 200);
    stream.set_read_timeout(Some(Duration::from_millis(300))).expect("a time limit");
    let error = stream.read(&mut [0]).expect_err("no answer");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

#[test]
fn allocated_memory_is_really_held() {
    let service = Service::launch(&[("SAMPLE_ALLOCATE_MB", "96")]);
    assert_eq!(service.next_line(), "allocated 96 MiB");
    assert!(service.next_line().starts_with("listening on "));
    assert!(service.resident_mebibytes() >= 96, "{}", service.resident_mebibytes());
    assert!(Service::start(&[]).resident_mebibytes() < 96);
}

#[test]
fn job_does_the_work_once_and_ends() {
    let redis = FakeRedis::start(0);
    let url = format!("redis://127.0.0.1:{}", redis.port);
    let report = r#"{"service":"sample","document":null,"counter":{"key":"work:sample","value":1}}"#;
    let expected = (Some(0), format!("job done: {report}\n"), String::new());
    assert_eq!(finished(&[("SAMPLE_JOB", "1"), ("REDIS_URL", &url)]), expected);
}

#[test]
fn job_fails_with_the_reason_and_without_the_password() {
    let url = format!("redis://:s3cret@127.0.0.1:{CLOSED_PORT}");
    let reasons = r#"{"mongodb":null,"redis":"Connection refused (os error 111)"}"#;
    let report = format!(r#"{{"error":"the work failed","service":"sample","reasons":{reasons}}}"#);
    let expected = (Some(1), String::new(), format!("job failed: {report}\n"));
    assert_eq!(finished(&[("SAMPLE_JOB", "1"), ("REDIS_URL", &url)]), expected);
}
