//! Two members, as their operators run them: one serves and is a witness, the other has its checkpoints cosigned by it and
//! timestamped, and an auditor verifies that with a policy and the authority's certificate.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../../witness/tests/support/authority.rs"]
mod authority;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use authority::{Local, has_openssl};
use serde_json::{Value, json};

const WITNESS: &str = "witness.south.example";

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOTICKET_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(["--data", "data"]);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(arguments).output().unwrap()
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A service that is a witness too.
struct Service {
    child: Child,
    told: Receiver<String>,
}

impl Service {
    fn start(folder: &Path) -> Self {
        let listen = ["--listen", "127.0.0.1:0", "--witness-folder", "w", "--witness-listen", "127.0.0.1:0"];
        let mut child = program(folder).arg("serve").args(listen).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, told) = channel();
        // Read to its end: whoever writes to a pipe that nobody reads would be stopped.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        Self { child, told }
    }

    /// The first line of its output that begins so.
    fn line(&self, beginning: &str) -> String {
        loop {
            let line = self.told.recv_timeout(Duration::from_secs(60)).unwrap();
            if line.starts_with(beginning) {
                return line;
            }
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The member whose log is attested, with what its auditor knows from elsewhere.
struct Member {
    folder: tempfile::TempDir,
    /// Its log's published folder and verifier key.
    published: PathBuf,
    key: String,
}

impl Member {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        done(folder.path(), &["--origin", "north.example", "demo", "--once"]);
        let shown = done(folder.path(), &["--origin", "north.example", "--json", "publish"]);
        let shown: Value = serde_json::from_str(&shown).unwrap();
        let log = &shown[0];
        let published = folder.path().join(log["folder"].as_str().unwrap());
        Self { published, key: log["keys"][0].as_str().unwrap().to_owned(), folder }
    }

    fn settings(&self, witness: (&str, &str), authority: &str, roots: &Path) {
        let (key, url) = witness;
        let text = format!(
            "origin = \"north.example\"\ntsa = \"{authority}\"\ntsa_roots = \"{}\"\n[[witnesses]]\nkey = \"{key}\"\n\
             url = \"{url}\"\n",
            roots.display()
        );
        fs::write(self.folder.path().join("soticket.toml"), text).unwrap();
    }

    /// Verifies its published log; whether it is sound, its rung, and the rules that are broken.
    fn verify(&self, evidence: &[&str]) -> (bool, Value, Vec<String>) {
        let published = self.published.display().to_string();
        let arguments = [&["--json", "verify", &published, "--key", &self.key], evidence].concat();
        let report: Value = serde_json::from_slice(&run(self.folder.path(), &arguments).stdout).unwrap();
        let proof = report["proofs"].as_array().unwrap().last().unwrap();
        let rules = proof["violations"].as_array().unwrap().iter();
        let rules = rules.map(|violation| violation["rule"].as_str().unwrap().to_owned()).collect();
        (report["sound"].as_bool().unwrap(), proof["rung"].clone(), rules)
    }

    fn policy(&self, name: &str, witnesses: &[&str], needed: usize) -> String {
        let mut text = format!("log {}\n", self.key);
        let mut names = Vec::new();
        for (number, witness) in witnesses.iter().enumerate() {
            names.push(format!("w{number}"));
            text += &format!("witness w{number} {witness}\n");
        }
        text += &format!("group all {needed} {}\nquorum all\n", names.join(" "));
        fs::write(self.folder.path().join(name), text).unwrap();
        name.to_owned()
    }
}

#[test]
fn a_member_has_its_checkpoints_cosigned_by_anothers_service_and_timestamped() {
    if !has_openssl() {
        return;
    }
    let north = Member::new();
    let south = tempfile::tempdir().unwrap();
    let south = south.path();
    let key = done(south, &["witness", "key", "--folder", "w", "--name", WITNESS]).trim().to_owned();
    fs::write(south.join("w/logs"), format!("{}\n", north.key)).unwrap();
    let service = Service::start(south);
    let line = service.line("Witness ");
    let url = line.split(' ').find(|word| word.starts_with("http://")).unwrap().trim_end_matches(',');
    let tsa = Local::start("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "sha256", "sha256");
    let (roots, other) = (north.folder.path().join("tsa.pem"), north.folder.path().join("other.pem"));
    fs::write(&roots, tsa.pem("root")).unwrap();
    fs::write(&other, tsa.pem("other")).unwrap();
    north.settings((&key, url), &tsa.url, &roots);

    // Before: what the policy demands is not there.
    let policy = north.policy("policy", &[&key], 1);
    assert_eq!(north.verify(&["--policy", &policy]), (false, json!(1), vec!["WITNESS".to_owned()]));

    let submitted = run(north.folder.path(), &["--json", "publish", "--submit"]);
    let shown: Value = serde_json::from_slice(&submitted.stdout).unwrap();
    let attested = shown[0]["attested"].as_array().unwrap();
    let by: Vec<&str> = attested.iter().map(|one| one["by"].as_str().unwrap()).collect();
    assert_eq!(by, [WITNESS, tsa.url.as_str()], "{shown}");
    assert!(attested.iter().all(|one| one["at"].is_string() && one["size"] == shown[0]["size"]), "{shown}");
    // The witness does not watch the cooperative's log, and says so; what can be attested is.
    let codes: Vec<&Value> =
        shown[1]["attested"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, [&json!("WITNESS_ORIGIN_UNKNOWN"), &Value::Null], "{shown}");
    assert_eq!(submitted.status.code(), Some(1));

    let (stranger, ours) = (roots.display().to_string(), &key);
    assert_eq!(north.verify(&["--policy", &policy]), (true, json!(3), vec![]));
    assert_eq!(north.verify(&["--policy", &policy, "--tsa-roots", &stranger]), (true, json!(4), vec![]));
    // A policy that takes one more member than have cosigned is not fulfilled.
    let absent = done(south, &["witness", "key", "--folder", "w2", "--name", "witness.west.example"]);
    let both = north.policy("both", &[ours, absent.trim()], 2);
    assert_eq!(north.verify(&["--policy", &both]), (false, json!(1), vec!["WITNESS".to_owned()]));
    let either = north.policy("either", &[ours, absent.trim()], 1);
    assert_eq!(north.verify(&["--policy", &either]), (true, json!(3), vec![]));
    // Another authority's certificate does not vouch for the token.
    let other = other.display().to_string();
    assert_eq!(north.verify(&["--tsa-roots", &other]), (false, json!(1), vec!["TIMESTAMP".to_owned()]));
    for (arguments, code) in [
        (["--policy", "absent"], "EVIDENCE_UNUSABLE"),
        (["--policy", "soticket.toml"], "EVIDENCE_UNUSABLE"),
        (["--tsa-roots", "policy"], "EVIDENCE_UNUSABLE"),
    ] {
        let output = run(north.folder.path(), &[["verify", "data/published"], arguments].concat());
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.starts_with(code), "{arguments:?}: {told}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
    }
}

#[test]
fn an_origin_that_no_log_can_have_is_told_by_its_setting() {
    let folder = tempfile::tempdir().unwrap();
    for origin in ["", "with space", "plus+sign", &"a".repeat(201)] {
        let output = run(folder.path(), &["--origin", origin, "publish"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.starts_with("SETTING_INVALID: origin"), "{origin}: {told}");
        assert_eq!(output.status.code(), Some(2));
    }
}
