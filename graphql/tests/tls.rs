//! TLS that the service ends itself, asked by rustls' own client.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use rustls_pki_types::ServerName;
use serde_json::json;
use soticket_graphql::{ServeOptions, Tls, serve};
use support::Api;
use support::venue::{OURS, Venue};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

/// Writes a certificate for `localhost` and its key; gives the certificate to trust.
fn certify(folder: &Path) -> rcgen::CertifiedKey<rcgen::KeyPair> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(folder.join("certificate.pem"), made.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    made
}

fn open(folder: &Path) -> Result<Tls, soticket_graphql::TlsError> {
    Tls::open(folder.join("certificate.pem"), folder.join("key.pem"))
}

async fn ask(address: SocketAddr, trusted: &rcgen::Certificate, request: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_and_sessions_go_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let made = certify(folder.path());
    let api = Api::start();
    Venue::open(&api, OURS).await;
    let fields = json!({ "name": "office", "password": "a first password", "label": "x", "role": "OWNER" });
    api.record("loginIssue", support::input(OURS, "login", fields), "").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let options =
        ServeOptions { tls: Some(Arc::new(open(folder.path()).unwrap())), ..ServeOptions::default() };
    tokio::spawn(serve(listener, Arc::clone(&api.service), options, std::future::pending::<()>()));

    let health =
        ask(address, &made.cert, "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await;
    let health = health.unwrap();
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    assert!(health.contains("strict-transport-security: max-age=31536000\r\n"), "{health}");
    let body = json!({ "organisation": OURS, "name": "office", "password": "a first password" }).to_string();
    let request = format!(
        "POST /session HTTP/1.1\r\nhost: localhost\r\norigin: https://localhost\r\nconnection: close\r\ncontent-type: \
         application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let signed = ask(address, &made.cert, &request).await.unwrap();
    let set = signed.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    assert!(set.starts_with("__Host-soticket=") && set.ends_with("; Secure"), "{set}");
    let cookie = set.split(';').next().unwrap();
    let request = format!(
        "GET /session HTTP/1.1\r\nhost: localhost\r\norigin: https://localhost\r\ncookie: {cookie}\r\nconnection: \
         close\r\n\r\n"
    );
    assert!(ask(address, &made.cert, &request).await.unwrap().starts_with("HTTP/1.1 200"));

    // Somebody who does not trust the certificate, and somebody who speaks no TLS, harm nobody.
    let other = tempfile::tempdir().unwrap();
    assert!(ask(address, &certify(other.path()).cert, "x").await.is_err());
    let mut plain = TcpStream::connect(address).await.unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut told = Vec::new();
    let _ = plain.read_to_end(&mut told).await;
    assert!(!String::from_utf8_lossy(&told).contains("200 OK"));
    let health = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    assert!(ask(address, &made.cert, health).await.unwrap().starts_with("HTTP/1.1 200"));
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    assert!(open(folder.path()).is_err());
    certify(folder.path());
    assert!(open(folder.path()).is_ok());
    let other = tempfile::tempdir().unwrap();
    certify(other.path());
    fs::copy(other.path().join("key.pem"), folder.path().join("key.pem")).unwrap();
    assert!(open(folder.path()).is_err(), "a key of another certificate");
    for text in ["", "nonsense"] {
        fs::write(folder.path().join("certificate.pem"), text).unwrap();
        let Err(error) = open(folder.path()) else { panic!("it is taken") };
        assert!(error.to_string().contains("certificate.pem"), "{error}");
    }
}
