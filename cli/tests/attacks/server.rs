//! A published log on a server: verified as the folder is, with an auditor's token.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use super::program::{Answer, soticket, verify};
use super::published::{Keys, publish};
use super::records::{bytes, demo};

const TOKEN: &str = "an-auditors-token";

/// Serves a folder below `/log/`: the checkpoint to everybody, the rest to who has the token.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let Some(first) = lines.next() else { continue };
            let is_known = lines.take_while(|line| !line.is_empty()).any(|line| line.ends_with(TOKEN));
            let path = first.split(' ').nth(1).unwrap().strip_prefix("/log/").unwrap().to_owned();
            let (status, body) = match fs::read(folder.join(&path)) {
                _ if path != "checkpoint" && !is_known => ("401 Unauthorized", Vec::new()),
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", Vec::new()),
            };
            let head =
                format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    format!("http://{address}/log")
}

fn verify_url(url: &str, arguments: &[&str]) -> Answer {
    Answer::of(&soticket(Path::new("/"), &[&["--json", "verify", url], arguments].concat()))
}

#[test]
fn a_server_is_verified_as_its_folder_is() {
    let demo = demo();
    let keys = Keys::of(demo.organisation);
    let folder = tempfile::tempdir().unwrap();
    publish(folder.path(), &bytes(&demo.records), &[], &keys, &[]);
    let key = keys.operator.verifier().to_string();
    let url = serve(folder.path().to_owned());
    let over_http = verify_url(&url, &["--token", TOKEN, "--key", &key]);
    let in_folder = verify(folder.path(), &["--key".to_owned(), key.clone()]);
    assert_eq!((over_http.text().as_str(), over_http.rung()), ("sound", Some(1)));
    for field in ["records", "root", "tiles", "rung", "key_from"] {
        assert_eq!(over_http.proof()[field], in_folder.proof()[field], "{field}");
    }
    let without = verify_url(&url, &["--key", &key]);
    let told = without.violations();
    assert!(
        told.iter().any(|(.., detail)| detail.contains("give an auditor's token with --token")),
        "{told:?}"
    );
    assert_eq!((without.is_sound(), without.rung()), (false, None));

    let tile = folder.path().join("tile/0/000");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[0] ^= 1;
    fs::write(tile, bytes).unwrap();
    assert_eq!(verify_url(&url, &["--token", TOKEN, "--key", &key]).text(), "TILE");
    let nobody = soticket(folder.path(), &["verify", "http://127.0.0.1:1/log"]);
    assert_eq!(nobody.status.code(), Some(3), "{}", String::from_utf8_lossy(&nobody.stderr));
}
