//! A witness as logs see it: every answer over HTTP, and what a killed process remembers.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use soticket_ledger::proof::{Checkpoint, Note, NoteSignature, VerifierKey, cosigned_at};
use soticket_witness::Witness;
use support::{Log, get, log_key, post, serve};

const ORIGIN: &str = "ledger.example/a";
const TEXT: &str = "text/plain; charset=utf-8";

fn open(folder: &Path) -> Witness {
    Witness::open(folder, Some("w.example"), &[log_key(ORIGIN).verifier().clone()]).unwrap()
}

fn hash(origin: &str) -> String {
    Sha256::digest(origin).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// The one cosignature of an answer, which must be right.
fn cosignature(text: &str, body: &str, key: &VerifierKey) -> NoteSignature {
    let signature: NoteSignature = body.strip_suffix('\n').unwrap().parse().unwrap();
    let note = Note { text: text.to_owned(), signatures: vec![signature.clone()] };
    cosigned_at(&note, key).unwrap();
    signature
}

#[test]
fn every_answer_has_its_status_and_type() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Arc::new(open(folder.path()));
    let key = witness.verifier().clone();
    let url = serve(witness);
    let place = format!("{url}/{}/checkpoint", hash(ORIGIN));
    let absent = get(&place);
    assert_eq!((absent.status, absent.kind.as_str()), (404, TEXT));
    assert!(absent.body.starts_with("WITNESS_ORIGIN_UNKNOWN: "), "{}", absent.body);

    let (log, fork) = (Log(0), Log(1));
    let first = log.submission(ORIGIN, 0, 300);
    let answer = post(&url, first.to_string().as_bytes());
    assert_eq!((answer.status, answer.kind.as_str()), (200, TEXT));
    cosignature(&first.note.text, &answer.body, &key);

    let mut altered = log.submission(ORIGIN, 300, 400);
    altered.note.signatures[0].bytes[9] ^= 1;
    let mut stranger = log.submission(ORIGIN, 300, 400);
    stranger.note.signatures = vec![log_key("other").sign(&stranger.note.text)];
    let mut unproved = log.submission(ORIGIN, 300, 400);
    unproved.proof.reverse();
    let text = |submission: &soticket_ledger::proof::Submission| submission.to_string();
    let cases = [
        (String::new(), 400, "WITNESS_REQUEST_MALFORMED"),
        ("old 300\n\nnonsense".to_owned(), 400, "NOTE_MALFORMED"),
        (text(&log.submission("ledger.example/b", 0, 3)), 404, "WITNESS_ORIGIN_UNKNOWN"),
        (text(&altered), 403, "SIGNATURE_WRONG"),
        (text(&stranger), 403, "SIGNATURE_ABSENT"),
        (text(&log.submission(ORIGIN, 300, 200)), 400, "WITNESS_OLD_BEYOND_NEW"),
        (text(&fork.submission(ORIGIN, 300, 300)), 422, "WITNESS_OTHER_ROOT"),
        (text(&fork.submission(ORIGIN, 300, 400)), 422, "WITNESS_UNPROVED"),
        (text(&unproved), 422, "WITNESS_UNPROVED"),
        ("x".repeat(80 * 1024), 413, "BODY_TOO_LARGE"),
    ];
    for (body, status, code) in cases {
        let answer = post(&url, body.as_bytes());
        let told = (answer.status, answer.kind.as_str(), answer.body.split(':').next().unwrap());
        assert_eq!(told, (status, TEXT, code), "{}", answer.body);
    }
    assert_eq!(post(&url, b"\xff\xfe").status, 400);
    for old in [0, 299] {
        let answer = post(&url, text(&log.submission(ORIGIN, old, 400)).as_bytes());
        let told = (answer.status, answer.kind.as_str(), answer.body.as_str());
        assert_eq!(told, (409, "text/x.tlog.size", "300\n"));
    }
    let second = log.submission(ORIGIN, 300, 400);
    assert_eq!(post(&url, text(&second).as_bytes()).status, 200);
    let newest = get(&place);
    assert_eq!((newest.status, newest.kind.as_str()), (200, TEXT));
    let note: Note = newest.body.parse().unwrap();
    assert_eq!(note.text, second.note.text);
    Checkpoint::open(&note, &[log_key(ORIGIN).verifier().clone()]).unwrap();
    cosigned_at(&note, &key).unwrap();
    assert_eq!(support::agent().get(format!("{url}/add-checkpoint")).call().unwrap().status(), 405);
}

/// A request that never ends must not hold a place for long; one that is slow to begin is the listener's concern.
#[test]
fn a_body_that_never_comes_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let url = serve(Arc::new(open(folder.path())));
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
        .write_all(b"POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: 100\r\n\r\nold 0")
        .unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 408"), "{line}");
}

/// A witness in a process of its own.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["the_process_that_others_kill", "--exact", "--nocapture"]);
        command.env("WITNESS_FOLDER", folder).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.map_while(Result::ok).find_map(|line| line.strip_prefix("at ").map(str::to_owned));
        Self { child, url: url.unwrap() }
    }

    /// SIGKILL: nothing of the process runs any more.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn the_process_that_others_kill() {
    let Some(folder) = std::env::var_os("WITNESS_FOLDER") else { return };
    let url = serve(Arc::new(open(Path::new(&folder))));
    println!("\nat {url}");
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_killed_witness_forgets_nothing_that_it_answered() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log(0);
    let process = Process::start(folder.path());
    // While it lives nobody else has the folder.
    let second = Witness::open(folder.path(), None, &[]).err().unwrap();
    assert_eq!(second.code(), "WITNESS_LOCKED");
    assert_eq!(post(&process.url, log.submission(ORIGIN, 0, 10).to_string().as_bytes()).status, 200);
    process.kill();
    let mut size = 10;
    for round in 0..8_u64 {
        let process = Process::start(folder.path());
        // Of the other history nothing is cosigned, however often the process dies.
        let other = Log(1).submission(ORIGIN, size, size + 5);
        assert_eq!(post(&process.url, other.to_string().as_bytes()).status, 422);
        // Killed somewhere between the arrival of the request and the answer.
        let submission = log.submission(ORIGIN, size, size + 7).to_string();
        let mut stream = TcpStream::connect(process.url.strip_prefix("http://").unwrap()).unwrap();
        let head = format!(
            "POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: {}\r\n\r\n",
            submission.len()
        );
        stream.write_all(format!("{head}{submission}").as_bytes()).unwrap();
        std::thread::sleep(Duration::from_micros(300 * round));
        process.kill();
        let process = Process::start(folder.path());
        let answer = post(&process.url, submission.as_bytes());
        match answer.status {
            // It had not come to it.
            200 => {}
            // It had kept it: asked again from there, it answers.
            409 => {
                assert_eq!(answer.body, format!("{}\n", size + 7));
                let again = log.submission(ORIGIN, size + 7, size + 7).to_string();
                assert_eq!(post(&process.url, again.as_bytes()).status, 200);
            }
            status => panic!("{status}: {}", answer.body),
        }
        size += 7;
        process.kill();
    }
}
