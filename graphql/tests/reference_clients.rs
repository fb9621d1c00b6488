//! The service from outside: the audits of GraphQL over HTTP and the reference clients of both ways to subscribe, in Node.
//! `cargo xtask test` installs them; where Node or a network is missing these tests say so and test nothing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use soticket_graphql::LiveTimes;
use support::live::serve_live;
use support::venue::{OURS, Venue};
use support::{Api, owner};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// Whether the clients are installed.
fn installed() -> bool {
    let packages = ["graphql", "graphql-http", "graphql-sse", "graphql-ws", "ws"];
    let there = packages.iter().all(|package| folder().join("node_modules").join(package).is_dir());
    if !there {
        println!("the reference clients are not installed: run `npm ci` in graphql/tests/clients");
    }
    there
}

/// Runs a program of the folder: what it prints.
async fn node(program: &'static str, arguments: &[&str]) -> String {
    let mut command = Command::new("node");
    command.arg(program).args(arguments).current_dir(folder()).stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let (printed, complaint) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program}: {printed}\n{complaint}");
    printed.into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_audits_of_graphql_over_http_pass() {
    if !installed() {
        return;
    }
    let api = Api::start();
    let served = serve_live(&api, LiveTimes::default()).await;
    let printed = node("audit.mjs", &[&format!("http://{}/graphql", served.address), &owner(OURS)]).await;
    assert_eq!(printed.trim(), "61 of 61");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reference_clients_follow_the_log_and_resume_where_they_were_cut() {
    if !installed() {
        return;
    }
    let api = Api::start();
    Venue::open(&api, OURS).await;
    let served = serve_live(&api, LiveTimes::default()).await;
    let recorded = api.ledger.heads()[0].1.length;
    let url = format!("http://{}/graphql", served.address);
    let count = (recorded - 1).to_string();
    for transport in ["ws", "sse"] {
        for cut_every in ["100000", "3"] {
            let printed =
                node("events.mjs", &[transport, &url, &owner(OURS), OURS, "0", &count, cut_every]).await;
            let mut expected: Vec<String> = (1..recorded).map(|position| position.to_string()).collect();
            expected.push(r#"{"__typename":"Query"}"#.to_owned());
            expected.push("GRAPHQL_VALIDATION_FAILED".to_owned());
            assert_eq!(printed.lines().collect::<Vec<_>>(), expected, "{transport} {cut_every}");
        }
    }
}
