//! The witness as a program: its key, its refusals, its answers, and checkpoints that are submitted to it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use soticket_ledger::proof::{Checkpoint, KeyKind, Note, NoteKey, TreeHash, VerifierKey, cosigned_at};

const ORIGIN: &str = "ledger.example/a";

/// The program in a folder of its own, without the caller's settings.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    command.current_dir(folder);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOTICKET_")) {
        command.env_remove(name);
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(arguments).output().unwrap()
}

fn failure(output: &Output) -> (i32, String) {
    let text = String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap(), text.split(':').next().unwrap().to_owned())
}

fn log_key() -> NoteKey {
    NoteKey::from_seed(ORIGIN, KeyKind::Log, &[1; 32]).unwrap()
}

/// A running witness.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let listen = ["--listen", "127.0.0.1:0"];
        let mut command = program(folder);
        let mut child =
            command.arg("witness").args(listen).args(arguments).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let line =
            lines.find(|line| line.as_ref().is_ok_and(|line| line.starts_with("Witness "))).unwrap().unwrap();
        // Whoever writes to a pipe that nobody reads would be stopped.
        std::thread::spawn(move || lines.for_each(drop));
        let address = line.split("http://").nth(1).unwrap().split(',').next().unwrap().to_owned();
        Self { child, address }
    }

    /// Status, type and body of an answer.
    fn ask(&self, head: &str, body: &str) -> (String, String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "{head} HTTP/1.1\r\nhost: w\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let kind = head.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default();
        (head.split(' ').nth(1).unwrap().to_owned(), kind.to_owned(), body.to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_witness_needs_a_name_a_folder_and_logs() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(failure(&run(folder, &["witness"])), (2, "WITNESS_FOLDER_MISSING".to_owned()));
    assert_eq!(
        failure(&run(folder, &["witness", "key", "--folder", "w"])),
        (2, "WITNESS_NAME_MISSING".to_owned())
    );
    let made = run(folder, &["witness", "key", "--folder", "w", "--name", "w.example"]);
    assert!(made.status.success(), "{made:?}");
    let key: VerifierKey = String::from_utf8(made.stdout.clone()).unwrap().parse().unwrap();
    assert_eq!((key.name(), key.kind()), ("w.example", KeyKind::Cosignature));
    assert_eq!(run(folder, &["witness", "--folder", "w", "key"]).stdout, made.stdout, "it stays");
    assert_eq!(failure(&run(folder, &["witness", "--folder", "w"])), (2, "WITNESS_LOGS_MISSING".to_owned()));
    let wrong = run(folder, &["witness", "--folder", "w", "--watch", "nonsense"]);
    assert_eq!(wrong.status.code(), Some(2));
    fs::write(folder.join("w/origins"), "nonsense").unwrap();
    let vkey = log_key().verifier().to_string();
    let damaged = run(folder, &["witness", "--folder", "w", "--watch", &vkey]);
    assert_eq!(failure(&damaged), (3, "WITNESS_STATE_DAMAGED".to_owned()));
    // The secret is in no output.
    let secret = fs::read_to_string(folder.join("w/key")).unwrap().lines().nth(2).unwrap().to_owned();
    for output in [&made, &damaged, &wrong] {
        let told = [output.stdout.clone(), output.stderr.clone()].concat();
        assert!(!String::from_utf8_lossy(&told).contains(&secret));
    }
}

#[test]
fn checkpoints_are_submitted_by_the_settings_and_answers_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let vkey = log_key().verifier().to_string();
    let witness = ["--folder", "w", "--name", "w.example", "--watch", &vkey];
    let running = Running::start(folder, &witness);
    let locked = run(folder, &["witness", "--folder", "w", "--watch", &vkey]);
    assert_eq!(failure(&locked), (3, "WITNESS_LOCKED".to_owned()));
    let key = String::from_utf8(run(folder, &["witness", "key", "--folder", "w"]).stdout).unwrap();

    let published = folder.join("data/published/a");
    fs::create_dir_all(&published).unwrap();
    let root = TreeHash::leaf(b"one");
    let note = Checkpoint::new(ORIGIN, 1, root).signed(&log_key());
    fs::write(published.join("checkpoint"), note.to_string()).unwrap();
    fs::create_dir_all(published.join("tile/0/000.p")).unwrap();
    fs::write(published.join("tile/0/000.p/1"), root.0).unwrap();
    let submit = ["--data", "data", "--json", "witness", "submit"];
    let settings = |key: &str, url: &str| {
        fs::write(folder.join("soticket.toml"), format!("[[witnesses]]\nkey = \"{key}\"\nurl = \"{url}\"\n"))
            .unwrap();
    };
    let nobody = run(folder, &["--data", "data", "witness", "submit"]);
    assert_eq!(failure(&nobody), (2, "WITNESSES_MISSING".to_owned()));
    settings(&vkey, "http://127.0.0.1:9");
    assert_eq!(
        failure(&run(folder, &["--data", "data", "witness", "submit"])),
        (2, "SETTING_INVALID".to_owned())
    );
    settings(key.trim(), &format!("http://{}", running.address));
    let done = run(folder, &submit);
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert!(done.status.success(), "{told}");
    assert_eq!((&told[0]["by"], &told[0]["size"]), (&Value::from("w.example"), &Value::from(1)));
    let cosigned: Note = fs::read_to_string(published.join("checkpoint")).unwrap().parse().unwrap();
    cosigned_at(&cosigned, &key.parse().unwrap()).unwrap();

    // Killed, it still knows the size; what another history says at it is refused.
    drop(running);
    let running = Running::start(folder, &witness);
    let other = Checkpoint::new(ORIGIN, 1, TreeHash::leaf(b"other")).signed(&log_key());
    let (status, kind, body) = running.ask("POST /add-checkpoint", &format!("old 0\n\n{other}"));
    assert_eq!((status.as_str(), kind.as_str(), body.as_str()), ("409", "text/x.tlog.size", "1\n"));
    let (status, _, body) = running.ask("POST /add-checkpoint", &format!("old 1\n\n{other}"));
    assert!(status == "422" && body.starts_with("WITNESS_OTHER_ROOT"), "{status} {body}");
    fs::write(published.join("checkpoint"), other.to_string()).unwrap();
    fs::write(published.join("tile/0/000.p/1"), TreeHash::leaf(b"other").0).unwrap();
    settings(key.trim(), &format!("http://{}", running.address));
    let refused = run(folder, &submit);
    let told: Value = serde_json::from_slice(&refused.stdout).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{told}");
    assert_eq!((&told[0]["code"], &told[0]["alarm"]), (&Value::from("WITNESS_FORKED"), &Value::from(true)));
}
