//! A master that is killed, paused or cut off, while work goes on behind the gateway.
//!
//! Redis promises nothing for a write that a master acknowledged before it failed: replication does not wait. So what is lost is
//! counted and printed (`cargo test --test engine failover -- --nocapture`), and asserted only where all of it must be lost.

#![expect(clippy::print_stdout, reason = "the figures are for those who ask for them")]

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Project, eventually, get, get_json, mapped};
use crate::load::{Load, Work};
use crate::second::SecondEngine;
use crate::watched::{SERVERS, agreed, all_well, connect, describe, leaders, named, port_of, role, row};

/// All sentinels name another master by then.
const AGREED: Duration = Duration::from_secs(5);

/// A project that is up and whose work is being done; the gateway's port.
fn at_work() -> (Project, u16, Load) {
    begins_to_work(Project::new(json!({})))
}

fn begins_to_work(project: Project) -> (Project, u16, Load) {
    let gateway = describe(&project, &json!({}));
    project.expect(0, &["up"]);
    assert_eq!(named(&project), ["redis-master"; 3]);
    let load = Load::start(gateway);
    eventually("work is done", Duration::from_secs(2), || {
        get_json(gateway, "/work")["counter"]["value"].as_u64() > Some(20)
    });
    (project, gateway, load)
}

/// Waits until all sentinels name another master, and until work is done there.
fn fails_over(project: &Project, gateway: u16, since: Instant) -> String {
    let mut found = None;
    eventually("all sentinels name another master", AGREED, || {
        found = agreed(project, "redis-master");
        found.is_some()
    });
    let took = since.elapsed();
    assert!(took < AGREED, "the sentinels agreed after {took:?}");
    println!("all sentinels name another master after {:.1} s", took.as_secs_f64());
    eventually("work is done at the new master", Duration::from_secs(2), || {
        get(gateway, "/work", &[]).0 == 200
    });
    found.expect("they agreed")
}

/// Says what became of the work, and panics where a request got anything but its work or the service's reasons.
fn told(what: &str, work: &Work, since: Instant) {
    work.all_were_answered("redis");
    let (done, refused, last) = work.told(since);
    println!(
        "{what}: {done} requests done, {refused} refused, the last one asked {:.1} s after it; {} acknowledged writes lost \
         (Redis promises none of the last ones)",
        last.as_secs_f64(),
        work.lost()
    );
}

/// `health`, `ports` and `env` lead to the new master, and a program on this machine that uses them writes there.
fn views_follow(project: &Project, master: &str, code: i32) {
    let health = project.view(code, &["health"]);
    let member = format!("{}-{master}", project.name);
    assert_eq!(leaders(&health), [("master".to_owned(), Some(member.clone()))], "{health}");
    let said = project.expect(code, &["health"]).stdout;
    assert!(said.ends_with(&format!("\nmaster: {member}\n")), "{said}");
    let ports = project.view(0, &["ports"]);
    assert_eq!(row(&ports, "ports", master)["note"], "master", "{ports}");
    let host = format!("127.0.0.1:{}", port_of(project, master));
    assert_eq!(row(&ports, "ports", master)["host"], json!(host));
    let env = |arguments: &[&str]| -> Value {
        serde_json::from_str(&project.expect(0, arguments).stdout).expect("JSON")
    };
    let all = env(&["env", "--format", "json"]);
    let own = env(&["env", "--format", "json", "auth"]);
    for url in [&all["REDIS_URL"], &own["REDIS_URL"]] {
        let url = url.as_str().expect("an address");
        assert!(url.starts_with("redis://:") && url.contains(&host), "{url}");
        let mut there =
            redis::Client::open(url).and_then(|client| client.get_connection()).expect("it leads there");
        let written: redis::RedisResult<()> =
            redis::cmd("SET").arg("from-the-host").arg("1").query(&mut there);
        written.expect("it is the master");
    }
}

/// What a store keeps is there, and the old master is one of its replicas.
fn the_old_master_follows(project: &Project, master: &str) {
    all_well(project);
    assert_eq!(named(project), [master, master, master].map(str::to_owned));
    for server in SERVERS {
        assert_eq!(role(project, server), if server == master { "master" } else { "slave" }, "{server}");
        let mut there = connect(project, port_of(project, server)).expect("it answers");
        let kept: Option<String> =
            redis::cmd("GET").arg("from-the-host").query(&mut there).expect("it answers");
        assert_eq!(kept.as_deref(), Some("1"), "{server}");
    }
    views_follow(project, master, 0);
}

/// A master that is killed: another one in 5 s, the views follow, the old one is a replica from its first answer on when somebody
/// starts it again, and after `down` and `up` the new one is still master.
#[test]
fn a_killed_master_is_replaced_and_comes_back_as_a_replica() {
    let (project, gateway, load) = at_work();
    let killed = Instant::now();
    assert_eq!(project.docker(&["kill", &format!("{}-redis-master-1", project.name)]).code, 0);
    let master = fails_over(&project, gateway, killed);
    views_follow(&project, &master, 8);
    let health = project.view(8, &["health"]);
    assert_eq!(row(&health, "components", "redis-master")["ready"], "failed", "{health}");
    assert_eq!(project.docker(&["start", &format!("{}-redis-master-1", project.name)]).code, 0);
    let mut first = String::new();
    eventually("the old master answers", Duration::from_secs(2), || {
        first = role(&project, "redis-master");
        !first.is_empty()
    });
    assert_eq!(first, "slave", "it asked the sentinels before it started");
    project.expect(0, &["up"]);
    the_old_master_follows(&project, &master);
    told("killed", &load.stop(), killed);
    project.expect(0, &["down"]);
    project.expect(0, &["up"]);
    the_old_master_follows(&project, &master);
}

/// A master that is killed, and `down` before anybody brought it back: it took itself for the master when it ended, and `up` ends
/// when it follows the other one.
#[test]
fn the_new_master_is_master_after_down_and_up_though_the_old_one_never_heard_of_it() {
    let (project, gateway, load) = at_work();
    let killed = Instant::now();
    assert_eq!(project.docker(&["kill", &format!("{}-redis-master-1", project.name)]).code, 0);
    let master = fails_over(&project, gateway, killed);
    views_follow(&project, &master, 8);
    told("killed, then down", &load.stop(), killed);
    project.expect(0, &["down"]);
    project.expect(0, &["up"]);
    the_old_master_follows(&project, &master);
}

/// A master that is paused answers nobody and closes nothing: it is replaced too, and follows when it goes on.
#[test]
fn a_paused_master_is_replaced_and_follows_when_it_goes_on() {
    let (project, gateway, load) = at_work();
    let name = format!("{}-redis-master-1", project.name);
    let paused = Instant::now();
    assert_eq!(project.docker(&["pause", &name]).code, 0);
    let master = fails_over(&project, gateway, paused);
    views_follow(&project, &master, 8);
    assert_eq!(project.docker(&["unpause", &name]).code, 0);
    the_old_master_follows(&project, &master);
    told("paused", &load.stop(), paused);
}

/// A master that is cut from the network is replaced. What it acknowledges to clients on its own side meanwhile is lost, all of it,
/// and it follows when it is back.
#[test]
fn a_master_that_is_cut_off_is_replaced_and_loses_what_it_took_alone() {
    let (project, gateway, load) = at_work();
    let (name, network) = (format!("{}-redis-master-1", project.name), format!("{}_default", project.name));
    let cut = Instant::now();
    assert_eq!(project.docker(&["network", "disconnect", &network, &name]).code, 0);
    let inside = |words: &[&str]| {
        let arguments = [&["exec", &name, "redis-cli"], words].concat();
        project.docker(&arguments).stdout.trim().to_owned()
    };
    let taken = (1..=5).filter(|number| inside(&["set", &format!("alone-{number}"), "1"]) == "OK").count();
    assert_eq!(taken, 5, "a master that is alone takes writes");
    let master = fails_over(&project, gateway, cut);
    views_follow(&project, &master, 8);
    let aliases = ["redis-master".to_owned(), format!("redis-master.{}", project.name)];
    let connect_again =
        ["network", "connect", "--alias", &aliases[0], "--alias", &aliases[1], &network, &name];
    assert_eq!(project.docker(&connect_again).code, 0);
    the_old_master_follows(&project, &master);
    told("cut off", &load.stop(), cut);
    let mut there = connect(&project, port_of(&project, &master)).expect("it answers");
    let kept: Vec<String> = redis::cmd("KEYS").arg("alone-*").query(&mut there).expect("it answers");
    println!("cut off: {} of {taken} writes lost that it acknowledged alone", taken - kept.len());
    assert_eq!(kept, Vec::<String>::new());
}

/// On a machine whose name server answers nobody (a laptop without its network, a VPN that is down) a killed master is replaced as
/// soon, although the engine forgets a stopped container's name and would ask for it outside.
#[test]
fn a_killed_master_is_replaced_as_soon_where_no_name_server_answers() {
    let images = ["redis:8", "nginx:1.28"].map(mapped);
    let engine = SecondEngine::start_with_silent_names(&images.each_ref().map(String::as_str));
    let names = engine.silent_name_server();
    let (project, gateway, load) = begins_to_work(Project::new(json!({})).on(&engine.host()));
    let killed = Instant::now();
    assert_eq!(project.docker(&["kill", &format!("{}-redis-master-1", project.name)]).code, 0);
    let master = fails_over(&project, gateway, killed);
    views_follow(&project, &master, 8);
    told("killed, no name server answers", &load.stop(), killed);
    // The service asks outside, as any program does: the server was there to be asked.
    assert!(names.recv(&mut [0; 512]).is_ok(), "nobody asked the name server");
}
