//! Timestamps of a local authority: `openssl ts` behind a small HTTP server. Its own verifier agrees with ours.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use soticket_ledger::proof::{Note, PublishedFolder};
use soticket_schema::Timestamp;
use soticket_witness::{Authority, timestamp, verify_timestamp};
use support::Log;
use tempfile::TempDir;

const ORIGIN: &str = "ledger.example/a";

/// What the authority does with a request.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Mood {
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
struct Local {
    folder: TempDir,
    mood: Arc<AtomicU8>,
    url: String,
}

/// Runs openssl in a folder.
fn openssl(folder: &Path, arguments: &[&str]) -> std::process::Output {
    Command::new("openssl").current_dir(folder).args(arguments).output().unwrap()
}

fn must(folder: &Path, line: &str) {
    let done = openssl(folder, &line.split_whitespace().collect::<Vec<_>>());
    assert!(done.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&done.stderr));
}

fn has_openssl() -> bool {
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
    fn start(key: &str, digest: &str, identifier: &str) -> Self {
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

    fn is(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::SeqCst);
    }

    fn pem(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(format!("{name}.pem"))).unwrap()
    }

    fn authority(&self, roots: Option<&str>) -> Authority {
        Authority { url: self.url.clone(), roots: roots.map(|name| self.pem(name)) }
    }

    /// Whether openssl believes it.
    fn openssl_verifies(&self, text: &str, tsr: &[u8], root: &str) -> bool {
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

/// A folder of published logs with one checkpoint, and the checkpoint.
fn published(size: u64) -> (TempDir, Note) {
    let folder = tempfile::tempdir().unwrap();
    let note = Log(0).note(ORIGIN, size);
    publish(folder.path(), &note);
    (folder, note)
}

fn publish(folder: &Path, note: &Note) {
    fs::create_dir_all(folder.join("a")).unwrap();
    fs::write(folder.join("a/checkpoint"), note.to_string()).unwrap();
}

fn kept(folder: &TempDir, size: u64) -> PathBuf {
    folder.path().join(format!("a/checkpoints/{size}.tsr"))
}

fn code(folder: &TempDir, authority: &Authority) -> &'static str {
    timestamp(folder.path(), "a", authority).unwrap_err().code()
}

#[test]
fn a_checkpoint_is_timestamped_once_and_both_verifiers_believe_it() {
    if !has_openssl() {
        return;
    }
    let kinds = [
        ("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "sha256", "sha256"),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "sha384", "sha1"),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "sha256", "sha512"),
    ];
    for (key, digest, identifier) in kinds {
        let local = Local::start(key, digest, identifier);
        let (folder, note) = published(12);
        let given = timestamp(folder.path(), "a", &local.authority(Some("root"))).unwrap().unwrap();
        assert_eq!(given.size, 12);
        assert!(given.time > Timestamp::parse("2024-01-01T00:00:00Z").unwrap(), "{}", given.time);
        let tsr = fs::read(kept(&folder, 12)).unwrap();
        assert_eq!(verify_timestamp(&tsr, &note.text, &local.pem("root")), Ok(given.time), "{key}");
        assert!(local.openssl_verifies(&note.text, &tsr, "root"));
        let kept_note = PublishedFolder::new(folder.path().join("a")).kept(12).unwrap();
        assert_eq!(kept_note, Some(note.clone()), "what is timestamped is kept");

        // It has one: nobody is asked, and who cannot be asked does not matter.
        local.is(Mood::Busy);
        assert_eq!(timestamp(folder.path(), "a", &local.authority(None)).unwrap(), Some(given));
        // Roots with a chain in between are as good.
        let both = local.pem("middle") + &local.pem("root");
        assert_eq!(verify_timestamp(&tsr, &note.text, &both), Ok(given.time));
        // Another authority's certificate does not vouch for it; openssl says the same.
        let other = verify_timestamp(&tsr, &note.text, &local.pem("other")).unwrap_err();
        assert_eq!(other.code(), "TIMESTAMP_UNTRUSTED", "{other}");
        assert!(!local.openssl_verifies(&note.text, &tsr, "other"));
        let text = Log(0).note(ORIGIN, 13).text;
        assert_eq!(
            verify_timestamp(&tsr, &text, &local.pem("root")).unwrap_err().code(),
            "TIMESTAMP_IMPRINT_OTHER"
        );
        for roots in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let unusable = verify_timestamp(&tsr, &note.text, roots).unwrap_err();
            assert_eq!(unusable.code(), "TIMESTAMP_ROOTS_UNUSABLE", "{roots}");
        }
    }
}

/// Each byte of a token that matters is changed. What still verifies says the same, as in openssl's eyes.
#[test]
fn a_changed_token_proves_nothing() {
    if !has_openssl() {
        return;
    }
    let local = Local::start("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "sha256", "sha256");
    let (folder, note) = published(12);
    let given = timestamp(folder.path(), "a", &local.authority(Some("root"))).unwrap().unwrap();
    let tsr = fs::read(kept(&folder, 12)).unwrap();
    let root = local.pem("root");
    let mut believed = Vec::new();
    for place in 0..tsr.len() {
        let mut changed = tsr.clone();
        changed[place] ^= 1;
        match verify_timestamp(&changed, &note.text, &root) {
            Ok(time) => {
                assert_eq!(time, given.time, "byte {place}");
                believed.push(place);
            }
            Err(error) => assert!(error.code().starts_with("TIMESTAMP_"), "{error}"),
        }
    }
    // What is left are the status, numbers of versions and names of algorithms as good, which nobody signs.
    assert!(believed.len() <= 12, "{believed:?} of {}", tsr.len());
    for cut in [0, 1, tsr.len() / 2, tsr.len() - 1] {
        assert_eq!(
            verify_timestamp(&tsr[..cut], &note.text, &root).unwrap_err().code(),
            "TIMESTAMP_MALFORMED"
        );
    }
    // A damaged file is asked for again.
    let mut changed = tsr.clone();
    changed.truncate(100);
    fs::write(kept(&folder, 12), &changed).unwrap();
    let again = timestamp(folder.path(), "a", &local.authority(Some("root"))).unwrap().unwrap();
    assert!(again.time >= given.time);
    assert!(verify_timestamp(&fs::read(kept(&folder, 12)).unwrap(), &note.text, &root).is_ok());
}

#[test]
fn an_answer_that_is_not_to_the_request_is_not_kept() {
    if !has_openssl() {
        return;
    }
    let local = Local::start("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "sha256", "sha256");
    let (folder, _) = published(12);
    let authority = local.authority(None);
    assert_eq!(timestamp(folder.path(), "nobody", &authority), Ok(None));
    for (mood, expected) in [
        (Mood::OtherText, "TIMESTAMP_IMPRINT_OTHER"),
        (Mood::Nonsense, "TIMESTAMP_MALFORMED"),
        (Mood::Busy, "TIMESTAMP_ANSWER_UNEXPECTED"),
        (Mood::Rejecting, "TIMESTAMP_NOT_GRANTED"),
    ] {
        local.is(mood);
        assert_eq!(code(&folder, &authority), expected);
        assert!(!kept(&folder, 12).exists(), "{expected}");
    }
    let unreachable = Authority { url: "http://127.0.0.1:9/".to_owned(), roots: None };
    assert_eq!(code(&folder, &unreachable), "TIMESTAMP_UNREACHABLE");
    local.is(Mood::Right);
    assert_eq!(code(&folder, &local.authority(Some("other"))), "TIMESTAMP_UNTRUSTED");
    // A replay: of the same text, but to the request before.
    local.is(Mood::Earlier);
    assert_eq!(code(&folder, &authority), "TIMESTAMP_NONCE_OTHER");
    assert!(!kept(&folder, 12).exists());
    local.is(Mood::Right);
    timestamp(folder.path(), "a", &authority).unwrap().unwrap();
    // The next checkpoint has one of its own.
    publish(folder.path(), &Log(0).note(ORIGIN, 20));
    assert_eq!(timestamp(folder.path(), "a", &authority).unwrap().unwrap().size, 20);
    assert!(kept(&folder, 12).exists() && kept(&folder, 20).exists());
}
