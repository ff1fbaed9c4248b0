//! What a sentinel sees, through the Redis client: its master, the replicas, the other sentinels.

use std::collections::BTreeMap;

use super::redis::connect;
use super::{Reply, Target, first_line};
use crate::plan::standing::Standing;

/// What a sentinel should see.
#[derive(Debug, Clone, Copy)]
pub(super) struct Watch<'a> {
    /// The master's name at the sentinels.
    master: &'a str,
    replicas: usize,
    /// The others.
    sentinels: usize,
}

impl<'a> Watch<'a> {
    /// Replicas, and sentinels with the one that is asked.
    pub(super) fn of(master: &'a str, replicas: u16, sentinels: u16) -> Self {
        Self { master, replicas: replicas.into(), sentinels: usize::from(sentinels).saturating_sub(1) }
    }
}

/// The fields that a sentinel tells of one server or sentinel.
type Fields = BTreeMap<String, String>;

pub(super) async fn ask(target: &Target, password: &str, watch: &Watch<'_>) -> Reply {
    match talk(target, password, watch).await {
        Ok(reply) => reply,
        Err(error) => Reply::not_ready(first_line(&error.to_string())),
    }
}

async fn talk(target: &Target, password: &str, watch: &Watch<'_>) -> redis::RedisResult<Reply> {
    let mut connection = connect(target, password).await?;
    let mut questions = redis::pipe();
    for question in ["GET-MASTER-ADDR-BY-NAME", "MASTER", "REPLICAS", "SENTINELS"] {
        questions.cmd("SENTINEL").arg(question).arg(watch.master);
    }
    let ((host, port), master, replicas, sentinels): ((String, String), Fields, Vec<Fields>, Vec<Fields>) =
        questions.query_async(&mut connection).await?;
    Ok(judge(watch, format!("{host}:{port}"), &master, &replicas, &sentinels))
}

/// Whether all is well: nobody is down, the replicas follow the master that this sentinel `names` to clients. In the middle of
/// a failover that is the new one already.
///
/// Replicas and sentinels that it knows of and that are gone for good do no harm while there are enough others.
fn judge(
    watch: &Watch<'_>,
    names: String,
    master: &Fields,
    replicas: &[Fields],
    sentinels: &[Fields],
) -> Reply {
    let watches = format!("{}:{}", field(master, "ip"), field(master, "port"));
    let follows = |replica: &&Fields| {
        is_up(replica)
            && field(replica, "master-link-status") == "ok"
            && field(replica, "master-host") == field(master, "ip")
            && field(replica, "master-port") == field(master, "port")
    };
    let linked = replicas.iter().filter(follows).count();
    let others = sentinels.iter().filter(|sentinel| is_up(sentinel)).count();
    let count = |seen: usize, of: usize, what: &str| format!("{} of {of} {what}", seen.min(of));
    let answer = if names != watches {
        Reply::not_ready(format!("names {names}, in the middle of a failover from {watches}"))
    } else if !is_up(master) || field(master, "role-reported") != "master" {
        Reply::not_ready(format!("does not see {names} as a master that is up ({})", field(master, "flags")))
    } else if linked < watch.replicas || others < watch.sentinels {
        let (linked, others) = (
            count(linked, watch.replicas, "replicas linked to it"),
            count(others, watch.sentinels, "other sentinels"),
        );
        Reply::not_ready(format!("names {names}, sees {linked} and {others}"))
    } else {
        Reply::ready(format!("names {names}"))
    };
    let standing = Standing { role: Some("sentinel".to_owned()), names: Some(names), position: None };
    Reply { standing, ..answer }
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

/// Flags are words with commas between: `slave,s_down,disconnected`.
fn is_up(fields: &Fields) -> bool {
    let down = ["s_down", "o_down", "disconnected", "failover_in_progress"];
    !field(fields, "flags").split(',').any(|flag| down.contains(&flag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        text.split(' ')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.into(), value.into()))
            .collect()
    }

    fn master(flags: &str) -> Fields {
        fields(&format!("name=mymaster ip=one.shared port=6379 flags={flags} role-reported=master"))
    }

    fn replica(flags: &str, link: &str, host: &str) -> Fields {
        fields(&format!(
            "ip=x port=6379 flags={flags} master-link-status={link} master-host={host} master-port=6379"
        ))
    }

    /// What a sentinel of three with two replicas answers when it sees this.
    fn sees(master: &Fields, replicas: &[Fields], sentinels: &[&str]) -> (bool, String) {
        let sentinels: Vec<Fields> =
            sentinels.iter().map(|flags| fields(&format!("flags={flags}"))).collect();
        let names = "one.shared:6379".to_owned();
        let reply = judge(&Watch::of("mymaster", 2, 3), names, master, replicas, &sentinels);
        assert_eq!(reply.standing.names.as_deref(), Some("one.shared:6379"));
        (reply.ready, reply.text)
    }

    #[test]
    fn it_is_ready_when_it_sees_everybody_well() {
        let replicas = [replica("slave", "ok", "one.shared"), replica("slave", "ok", "one.shared")];
        let well = (true, "names one.shared:6379".to_owned());
        assert_eq!(sees(&master("master"), &replicas, &["sentinel"; 2]), well);
        let gone = replica("slave,s_down,disconnected", "err", "one.shared");
        let more = [replicas[0].clone(), gone, replicas[1].clone()];
        assert_eq!(sees(&master("master"), &more, &["sentinel,s_down", "sentinel", "sentinel"]), well);
    }

    #[test]
    fn whoever_is_missing_is_counted() {
        let good = replica("slave", "ok", "one.shared");
        for bad in [
            replica("slave,s_down", "ok", "one.shared"),
            replica("slave", "err", "one.shared"),
            replica("slave", "ok", "two.shared"),
        ] {
            let expected =
                "names one.shared:6379, sees 1 of 2 replicas linked to it and 2 of 2 other sentinels";
            let replicas = [good.clone(), bad];
            assert_eq!(sees(&master("master"), &replicas, &["sentinel"; 2]), (false, expected.to_owned()));
        }
        let expected = "names one.shared:6379, sees 2 of 2 replicas linked to it and 1 of 2 other sentinels";
        let replicas = [good.clone(), good];
        let sentinels = ["sentinel", "sentinel,s_down"];
        assert_eq!(sees(&master("master"), &replicas, &sentinels), (false, expected.to_owned()));
    }

    #[test]
    fn in_the_middle_of_a_failover_it_names_the_new_master() {
        let watch = Watch::of("mymaster", 0, 1);
        let old = master("master,s_down,o_down,failover_in_progress");
        let reply = judge(&watch, "two.shared:6379".to_owned(), &old, &[], &[]);
        let expected = "names two.shared:6379, in the middle of a failover from one.shared:6379";
        assert_eq!((reply.ready, reply.text.as_str()), (false, expected));
        assert_eq!(reply.standing.names.as_deref(), Some("two.shared:6379"));
    }

    #[test]
    fn a_master_that_is_down_or_that_is_none_is_said() {
        let replicas = [replica("slave", "ok", "one.shared"), replica("slave", "ok", "one.shared")];
        for flags in ["master,s_down,disconnected", "master,o_down", "master,failover_in_progress"] {
            let expected = format!("does not see one.shared:6379 as a master that is up ({flags})");
            assert_eq!(sees(&master(flags), &replicas, &["sentinel"; 2]), (false, expected));
        }
        let mut demoted = master("master");
        demoted.insert("role-reported".into(), "slave".into());
        let expected = "does not see one.shared:6379 as a master that is up (master)";
        assert_eq!(sees(&demoted, &replicas, &["sentinel"; 2]), (false, expected.to_owned()));
    }
}
