//! A timestamp authority in a folder: `openssl ts` behind a small HTTP server.

#![allow(dead_code, reason = "every test uses its own part")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use soticket_witness::Authority;
use tempfile::TempDir;

/// What the authority does with a request.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Mood {
    Right,
    /// Answers the request before, as a replay would.
    Earlier,
    /// Answers for another text.
    OtherText,
    /// Answers what no authority would.
    Nonsense,
    /// Answers with a status of HTTP.
    Busy,
    /// Does not know SHA-256.
    Rejecting,
}

/// An authority with its keys in a folder, and its URL.
pub(crate) struct Local {
    folder: TempDir,
    mood: Arc<AtomicU8>,
    pub(crate) url: String,
}

/// Runs openssl in a folder.
fn openssl(folder: &Path, arguments: &[&str]) -> std::process::Output {
    Command::new("openssl").current_dir(folder).args(arguments).output().unwrap()
}

fn must(folder: &Path, line: &str) {
    let done = openssl(folder, &line.split_whitespace().collect::<Vec<_>>());
    assert!(done.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&done.stderr));
}

pub(crate) fn has_openssl() -> bool {
    let found = Command::new("openssl").arg("version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!(
            "skipped: timestamps are tested against an authority made of openssl, which is not installed"
        );
    }
    found
}

impl Local {
    /// `key` is how openssl makes a key, `identifier` the hash that names the signer's certificate.
    pub(crate) fn start(key: &str, digest: &str, identifier: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("tsa.ext"), "extendedKeyUsage = critical,timeStamping\n").unwrap();
        fs::write(path.join("ca.ext"), "basicConstraints = critical,CA:true\n").unwrap();
        let config = |digests: &str| {
            format!(
                "[tsa]\ndefault_tsa = here\n[here]\nserial = serial\nsigner_cert = tsa.pem\ncerts = chain.pem\n\
                 signer_key = tsa.key\nsigner_digest = {digest}\ndefault_policy = 1.2.3.4.1\ndigests = {digests}\n\
                 accuracy = secs:1, millisecs:500\nordering = yes\ntsa_name = yes\ness_cert_id_alg = {identifier}\n"
            )
        };
        fs::write(path.join("tsa.cnf"), config("sha256, sha512")).unwrap();
        fs::write(path.join("rejecting.cnf"), config("sha512")).unwrap();
        fs::write(path.join("serial"), "01\n").unwrap();
        for (name, issuer) in
            [("root", None), ("other", None), ("middle", Some("root")), ("tsa", Some("middle"))]
        {
            must(path, &format!("genpkey {key} -out {name}.key"));
            must(path, &format!("req -new -key {name}.key -subj /CN={name} -out {name}.csr"));
            let extensions = if name == "tsa" { "tsa.ext" } else { "ca.ext" };
            let signer = match issuer {
                None => format!("-signkey {name}.key"),
                Some(issuer) => format!("-CA {issuer}.pem -CAkey {issuer}.key -CAcreateserial"),
            };
            must(
                path,
                &format!("x509 -req -in {name}.csr {signer} -days 30 -extfile {extensions} -out {name}.pem"),
            );
        }
        fs::copy(path.join("middle.pem"), path.join("chain.pem")).unwrap();
        let mood = Arc::new(AtomicU8::new(Mood::Right as u8));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/tsr", listener.local_addr().unwrap());
        let (served, path) = (Arc::clone(&mood), path.to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&path, served.load(Ordering::SeqCst), stream.unwrap());
            }
        });
        Self { folder, mood, url }
    }

    pub(crate) fn is(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::SeqCst);
    }

    pub(crate) fn pem(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(format!("{name}.pem"))).unwrap()
    }

    pub(crate) fn authority(&self, roots: Option<&str>) -> Authority {
        Authority { url: self.url.clone(), roots: roots.map(|name| self.pem(name)) }
    }

    /// Whether openssl believes it.
    pub(crate) fn openssl_verifies(&self, text: &str, tsr: &[u8], root: &str) -> bool {
        let path = self.folder.path();
        fs::write(path.join("text"), text).unwrap();
        fs::write(path.join("tsr"), tsr).unwrap();
        let root = format!("{root}.pem");
        openssl(path, &["ts", "-verify", "-data", "text", "-in", "tsr", "-CAfile", &root]).status.success()
    }
}

/// Answers one request.
fn answer(folder: &Path, mood: u8, mut stream: TcpStream) {
    let request = read_request(&mut stream);
    let kind = request.0.to_lowercase();
    assert!(kind.contains("content-type: application/timestamp-query"), "{kind}");
    let query = folder.join("query.tsq");
    let before = fs::read(&query).unwrap_or_default();
    let is = |one: Mood| mood == one as u8;
    let shown = if is(Mood::Earlier) { before } else { request.1 };
    fs::write(&query, shown).unwrap();
    if is(Mood::OtherText) {
        fs::write(folder.join("other.txt"), "another text").unwrap();
        must(folder, "ts -query -data other.txt -sha256 -cert -out query.tsq");
    }
    let config = if is(Mood::Rejecting) { "rejecting.cnf" } else { "tsa.cnf" };
    must(folder, &format!("ts -reply -config {config} -queryfile query.tsq -out reply.tsr"));
    let (status, body) = match mood {
        mood if mood == Mood::Busy as u8 => ("503 Busy", b"later".to_vec()),
        mood if mood == Mood::Nonsense as u8 => ("200 OK", b"<html>hello</html>".to_vec()),
        _ => ("200 OK", fs::read(folder.join("reply.tsr")).unwrap()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/timestamp-reply\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
}

/// Head and body of a request.
fn read_request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    loop {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if bytes.len() >= end + 4 + length.unwrap_or(0) {
                return (head, bytes.split_off(end + 4));
            }
        }
        let read = stream.read(&mut part).unwrap();
        assert!(read > 0, "the request ends early");
        bytes.extend_from_slice(&part[..read]);
    }
}
