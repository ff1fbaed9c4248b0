//! `hello` of a replica set's member, through the MongoDB driver.

use mongodb::bson::{Document, doc};

use super::mongodb::{client, in_words, listens};
use super::{Reply, Target, first_line};
use crate::plan::standing::{Position, Standing};

pub(super) async fn ask(target: &Target) -> Reply {
    if let Err(error) = listens(target).await {
        return Reply::not_ready(error.to_string());
    }
    let address = format!("{}:{}", target.host, target.port);
    // The driver's futures must not be dropped half-way (RUST-937): a task of its own runs to its end.
    let answer = tokio::spawn(async move { talk(&address).await }).await;
    match answer {
        Ok(Ok(hello)) => judge(&hello),
        Ok(Err(error)) => Reply::not_ready(first_line(&in_words(&error))),
        Err(error) => Reply::not_ready(error.to_string()),
    }
}

// Nobody logs in: `hello` wants no user, and before the set is initiated there is none.
async fn talk(address: &str) -> mongodb::error::Result<Document> {
    let client = client(&format!("mongodb://{address}/?directConnection=true")).await?;
    let hello = client.database("admin").run_command(doc! { "hello": 1 }).await?;
    client.shutdown().immediate(true).await;
    Ok(hello)
}

/// What a member is by its answer, in the order of the driver's own classification.
///
/// One that is not initiated waits for the job that does it, so the job does not wait for it any longer.
fn judge(hello: &Document) -> Reply {
    let flag = |name: &str| hello.get_bool(name).unwrap_or(false);
    let primary = hello.get_str("primary").ok();
    let in_set = hello.get_str("setName").is_ok();
    let (role, answer) = match (in_set, flag("isWritablePrimary"), flag("secondary"), primary) {
        (false, ..) if flag("isreplicaset") => ("not initiated", Reply::ready("not initiated")),
        (false, ..) => ("standalone", Reply::not_ready("it is no member of a replica set")),
        (_, true, ..) => ("primary", Reply::ready("ok")),
        (_, _, true, Some(primary)) => ("secondary", Reply::ready(format!("ok, the primary is {primary}"))),
        (_, _, true, None) => ("secondary", Reply::not_ready("it knows no primary")),
        _ if flag("arbiterOnly") => ("arbiter", Reply::ready("ok")),
        _ => {
            ("member", Reply::not_ready("neither primary nor secondary: it starts, recovers, or rolls back"))
        }
    };
    let standing = Standing {
        role: Some(role.to_owned()),
        names: primary.map(str::to_owned),
        position: hello.get_document("lastWrite").ok().and_then(position),
    };
    Reply { standing, ..answer }
}

fn position(last_write: &Document) -> Option<Position> {
    let written = last_write.get_datetime("lastWriteDate").ok()?.timestamp_millis();
    u64::try_from(written).ok().map(Position::Milliseconds)
}

#[cfg(test)]
mod tests {
    use mongodb::bson::{Bson, DateTime, Timestamp, oid::ObjectId};

    use super::*;

    /// A member's answer with the fields that MongoDB 8.0 documents for `hello`, those that differ put over them.
    fn hello(differs: Document) -> Document {
        let written = DateTime::from_millis(1_700_000_000_250);
        let time = Timestamp { time: 1_700_000_000, increment: 3 };
        let mut hello = doc! {
            "topologyVersion": { "processId": ObjectId::new(), "counter": 6_i64 },
            "hosts": ["mongo-primary.shared:27017", "mongo-secondary-1.shared:27017", "mongo-secondary-2.shared:27017"],
            "setName": "rs0", "setVersion": 1, "isWritablePrimary": false, "secondary": true,
            "primary": "mongo-primary.shared:27017", "me": "mongo-secondary-1.shared:27017",
            "lastWrite": {
                "opTime": { "ts": time, "t": 1_i64 }, "lastWriteDate": written,
                "majorityOpTime": { "ts": time, "t": 1_i64 }, "majorityWriteDate": written,
            },
            "maxBsonObjectSize": 16_777_216, "maxMessageSizeBytes": 48_000_000, "maxWriteBatchSize": 100_000,
            "localTime": DateTime::now(), "logicalSessionTimeoutMinutes": 30, "connectionId": 7,
            "minWireVersion": 0, "maxWireVersion": 25, "readOnly": false, "ok": 1.0,
        };
        for (name, value) in differs {
            match value {
                Bson::Null => drop(hello.remove(&name)),
                value => drop(hello.insert(name, value)),
            }
        }
        hello
    }

    fn told(differs: Document) -> (bool, String, Option<String>, Option<String>) {
        let reply = judge(&hello(differs));
        (reply.ready, reply.text, reply.standing.role, reply.standing.names)
    }

    fn expected(
        ready: bool,
        text: &str,
        role: &str,
        names: bool,
    ) -> (bool, String, Option<String>, Option<String>) {
        let names = names.then(|| "mongo-primary.shared:27017".to_owned());
        (ready, text.to_owned(), Some(role.to_owned()), names)
    }

    #[test]
    fn a_primary_and_its_secondaries_are_ready() {
        let primary = doc! { "isWritablePrimary": true, "secondary": false, "electionId": ObjectId::new() };
        assert_eq!(told(primary), expected(true, "ok", "primary", true));
        let answer = "ok, the primary is mongo-primary.shared:27017";
        assert_eq!(told(doc! {}), expected(true, answer, "secondary", true));
    }

    #[test]
    fn before_it_is_initiated_a_member_waits_for_the_job() {
        let new = doc! {
            "setName": Bson::Null, "setVersion": Bson::Null, "hosts": Bson::Null, "primary": Bson::Null, "me": Bson::Null,
            "secondary": false, "isreplicaset": true, "info": "Does not have a valid replica set config",
        };
        assert_eq!(told(new), expected(true, "not initiated", "not initiated", false));
    }

    #[test]
    fn without_a_primary_or_the_data_a_member_is_not_ready() {
        let orphan = doc! { "primary": Bson::Null };
        assert_eq!(told(orphan), expected(false, "it knows no primary", "secondary", false));
        let answer = "neither primary nor secondary: it starts, recovers, or rolls back";
        assert_eq!(told(doc! { "secondary": false }), expected(false, answer, "member", true));
        let alone = doc! { "setName": Bson::Null, "isWritablePrimary": true, "secondary": false, "primary": Bson::Null };
        assert_eq!(told(alone), expected(false, "it is no member of a replica set", "standalone", false));
    }

    #[test]
    fn its_last_write_is_its_position() {
        let position = |differs| judge(&hello(differs)).standing.position;
        assert_eq!(position(doc! {}), Some(Position::Milliseconds(1_700_000_000_250)));
        assert_eq!(position(doc! { "lastWrite": Bson::Null }), None);
    }
}
