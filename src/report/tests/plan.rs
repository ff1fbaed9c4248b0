//! What a dry run prints.

use crate::plan::graph::Plan;
use crate::plan::operation::{Operation, Phase};
use crate::report::mode::Output;
use crate::report::streams::Streams;

fn shown(output: Output, plan: &Plan) -> (String, String) {
    let (streams, captured) = Streams::in_memory();
    crate::report::plan(&streams, output, plan).expect("memory takes it");
    (captured.out(), captured.err())
}

fn one_network() -> Plan {
    let mut plan = Plan::default();
    plan.add(Phase::Start, Operation::CreateNetwork { network: "default".to_owned() }, "missing", &[]);
    plan
}

#[test]
fn a_dry_run_is_data() {
    let (out, err) = shown(Output::Text, &one_network());
    assert_eq!((out, err), (one_network().to_string(), String::new()));
    let expected = concat!(
        r#"{"version":1,"event":"plan","nodes":[{"operation":{"operation":"create-network","network":"default"},"#,
        r#""phase":"start","cause":"missing","needs":[],"ended":[]}],"notes":[]}"#,
        "\n"
    );
    assert_eq!(shown(Output::Json, &one_network()), (expected.to_owned(), String::new()));
}

#[test]
fn a_dry_run_of_nothing_says_so() {
    let said = "nothing would be done\n".to_owned();
    assert_eq!(shown(Output::Text, &Plan::default()), (String::new(), said));
    let object = "{\"version\":1,\"event\":\"plan\",\"nodes\":[],\"notes\":[]}\n".to_owned();
    assert_eq!(shown(Output::Json, &Plan::default()), (object, String::new()));
}
