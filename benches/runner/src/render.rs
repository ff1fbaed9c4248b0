//! How long gw renders a profile with many services.

use std::path::Path;
use std::time::Instant;

use serde_json::{Map, Value, json};

use crate::Result;
use crate::contender::{Gw, run};

/// The sizes that are measured: a thousand, and five times as many.
pub const SIZES: [u32; 2] = [1000, 5000];

/// Makes a folder with a profile of so many services, each like those of the default profile.
///
/// # Errors
/// A file cannot be written.
pub fn input(folder: &Path, services: u32) -> Result<()> {
    let mut all = Map::new();
    for number in 0..services {
        // Each service needs Redis and one other, every second one a later one of the file.
        let other =
            if number % 2 == 1 && number > 1 && number + 1 < services { number + 1 } else { number / 2 };
        let other = name(other);
        let needs = if number == 0 { json!(["redis"]) } else { json!(["redis", other]) };
        let port = 10_000 + number;
        let env = json!({ "PORT": "${self.port}", "OTHER_URL": format!("${{services.{other}.url}}") });
        let env = if number == 0 { json!({ "PORT": "${self.port}" }) } else { env };
        all.insert(name(number), json!({ "port": port, "env": env, "dependsOn": needs }));
    }
    let services = json!({
        "infrastructure": { "redis": { "mode": "single", "port": 9000 } },
        "defaults": {
            "image": "gw.test/sample-service:bench",
            "env": { "SERVICE_NAME": "${self.name}", "REDIS_URL": "${redis.url}" },
            "ready": { "http": "/health" },
            "healthcheck": ["/sample-service", "--health"],
        },
        "services": Value::Object(all),
    });
    let profile = json!({
        "project": "gw-bench-render",
        "services": "../services.json",
        "gateway": { "port": 9999, "default": name(0) },
    });
    std::fs::create_dir_all(folder.join("profiles"))?;
    std::fs::write(folder.join("services.json"), services.to_string())?;
    std::fs::write(folder.join("profiles/bench.json"), profile.to_string())?;
    Ok(())
}

fn name(number: u32) -> String {
    format!("service-{number:05}")
}

/// Seconds that `gw generate` takes from nothing.
///
/// # Errors
/// It failed.
pub fn seconds(gw: &Gw) -> Result<f64> {
    for made in ["generated", ".gw"] {
        let _ = std::fs::remove_dir_all(gw.folder.join(made));
    }
    let begin = Instant::now();
    run(gw.command(&["generate"]))?;
    Ok(begin.elapsed().as_secs_f64())
}
