//! Clients that take their time: each is ended in the end, and nobody waits for them.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use soticket_graphql::LiveTimes;
use support::Api;
use support::live::serve_live;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[tokio::test]
async fn heads_and_bodies_that_trickle_in_hold_up_nobody_and_are_ended() {
    let api = Api::start();
    let served = serve_live(&api, LiveTimes::default()).await;
    let address = served.address;
    let begun = Instant::now();
    let mut heads = Vec::new();
    for _ in 0..300 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"POST /graphql HTTP/1.1\r\nhost: x\r\nx-").await.unwrap();
        heads.push(stream);
    }
    let mut body = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: \
         1000\r\n\r\n{{",
        api.token
    );
    body.write_all(head.as_bytes()).await.unwrap();
    // Everyone else is answered meanwhile.
    let request = json!({ "query": "{ __typename }" });
    let bearer = format!("Bearer {}", api.token);
    let (status, answer) =
        support::socket::ask(address, ("POST", "/graphql"), Some(&bearer), Some(&request)).await;
    assert_eq!((status, &answer["data"]["__typename"]), (200, &json!("Query")));
    assert!(begun.elapsed() < Duration::from_secs(10));
    let mut answer = vec![0; 4_096];
    let read =
        tokio::time::timeout(Duration::from_secs(15), body.read(&mut answer)).await.expect("ended").unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("REQUEST_TIMEOUT"), "{answer}");
    // A byte now and then does not help.
    let mut dripping = heads.swap_remove(0);
    let ended = async {
        loop {
            if dripping.write_all(b"a").await.is_err() {
                return;
            }
            let mut byte = [0; 64];
            let read = tokio::time::timeout(Duration::from_millis(500), dripping.read(&mut byte)).await;
            if let Ok(Ok(0) | Err(_)) = read {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(45), ended).await.expect("a head has thirty seconds");
    let mut rest = Vec::new();
    let mut last = heads.swap_remove(0);
    let last = last.read_to_end(&mut rest);
    let _ = tokio::time::timeout(Duration::from_secs(15), last).await.expect("as have all others");
}
