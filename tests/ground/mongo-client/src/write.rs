//! One write after the other, each acknowledged by a majority, while the set's members come and go.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use mongodb::Database;
use mongodb::bson::{Document, doc};
use mongodb::options::WriteConcern;
use serde_json::json;

/// How long a failed write waits before the next one, so that a set without a primary is not asked in a tight loop.
const PAUSE: Duration = Duration::from_millis(50);

/// Prints `{"acknowledged": N, "lost": N, "errors": [...], "longestMillis": N}`: acknowledged writes, those of them that are not there
/// in the end, each distinct error, and the longest time that one write took. Ends 0 when none is lost.
pub(crate) async fn until_input_ends(database: &Database) -> anyhow::Result<ExitCode> {
    let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    let collection = database.collection::<Document>("written");
    let mut acknowledged = BTreeSet::new();
    let mut errors = BTreeSet::new();
    let mut longest = Duration::ZERO;
    for number in 0_i64.. {
        if ended.is_finished() {
            break;
        }
        let started = Instant::now();
        let write =
            collection.insert_one(doc! { "_id": number }).write_concern(WriteConcern::majority()).await;
        longest = longest.max(started.elapsed());
        match write {
            Ok(_) => {
                acknowledged.insert(number);
            }
            Err(error) => {
                errors.insert(error.to_string());
                tokio::time::sleep(PAUSE).await;
            }
        }
        if number == 0 {
            writeln!(std::io::stderr(), "writing")?;
        }
    }
    let mut lost = acknowledged.clone();
    let mut found = collection.find(doc! {}).await?;
    while found.advance().await? {
        lost.remove(&found.current().get_i64("_id")?);
    }
    let report = json!({
        "acknowledged": acknowledged.len(), "lost": lost.len(), "errors": errors, "longestMillis": longest.as_millis(),
    });
    writeln!(std::io::stdout(), "{report}")?;
    Ok(if lost.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
