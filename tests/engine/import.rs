//! A hand-written Compose file, imported and run.

use std::fs;
use std::time::Duration;

use serde_json::json;

use crate::harness::{Project, SAMPLE, eventually, get};

/// An imported stack comes up by its own health checks and conditions, a service with a name that gw keeps for itself is
/// reached by its old one, and all of it goes.
#[test]
fn an_imported_compose_file_comes_up_works_and_goes() {
    let project = Project::new(json!({}));
    for file in ["profiles/default.json", "services.json"] {
        fs::remove_file(project.root.join(file)).expect("the harness wrote it");
    }
    let (name, port) = (&project.name, project.port);
    let text = format!(
        r#"name: {name}
x-sample: &sample
  image: {SAMPLE}
  stop_grace_period: 2s
services:
  web:
    <<: *sample
    environment: [SERVICE_NAME=web, PORT=8080, "REDIS_URL=redis://redis:6379/0"]
    ports: ["{port}:8080"]
    networks: [front, back]
    depends_on:
      redis: {{condition: service_healthy}}
    healthcheck:
      test: ["CMD", "/sample-service", "--health"]
      interval: 1s
  redis:
    image: redis:8
    command: redis-server --save "" --appendonly no
    networks: [back]
    stop_grace_period: 2s
    healthcheck:
      test: redis-cli ping | grep PONG
      interval: 1s
networks:
  front:
  back: {{internal: true}}
"#
    );
    project.write("compose.yaml", &text);
    project.expect(0, &["import", "compose.yaml"]);
    project.expect(0, &["up"]);
    // Its counter is in Redis, which it reaches by the name of the Compose file.
    let (status, body) = get(port, "/work", &[]);
    assert_eq!(status, 200, "{body}");
    let networks =
        project.inspect("web", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}");
    assert_eq!(networks.trim(), format!("{name}_back {name}_front"));
    assert_eq!(project.inspect("web", "{{.HostConfig.RestartPolicy.Name}}"), "no");
    let before = project.ids(["web", "my-redis"]);
    project.expect(0, &["up"]);
    assert_eq!(project.ids(["web", "my-redis"]), before);
    project.expect(0, &["down"]);
    eventually("every container goes", Duration::from_secs(1), || project.containers().is_empty());
}
