//! What is proved of one log: its checkpoints, tiles and cosignatures, and what the auditor kept from earlier.

use std::collections::BTreeMap;

use serde::Serialize;
use soticket_ledger::proof::{
    Checkpoint, Note, Policy, ProofError, PublishedLog, TreeHash, VerifierKey, check_inclusion, cosigned_at,
    read_checkpoint,
};
use soticket_ledger::verify::{TreeReport, VIOLATIONS_LISTED_MAX};
use soticket_witness::verify_timestamp;

use super::evidence::{Evidence, Receipt, Seen};
use super::ladder::{self, KeyFrom, Rung, State};
use super::matches;

/// What is proved of one log.
#[derive(Debug, Serialize)]
pub(crate) struct LogProof {
    /// The organisation's id, or `cooperative`.
    pub(crate) log: String,
    /// What its checkpoints name it.
    pub(crate) origin: Option<String>,
    /// Entries that could be read.
    pub(crate) records: u64,
    /// Entries that its newest checkpoint covers; all of them where there is none.
    pub(crate) size: u64,
    /// Root over all entries.
    pub(crate) root: Option<TreeHash>,
    /// Published tiles that were compared.
    pub(crate) tiles: u64,
    /// Published bundles that were compared with the log.
    pub(crate) bundles: u64,
    /// Published checkpoints that were checked.
    pub(crate) checkpoints: u64,
    /// Where the key is from.
    pub(crate) key_from: Option<KeyFrom>,
    /// The highest rung that is reached.
    pub(crate) rung: Option<u8>,
    /// All rungs.
    pub(crate) rungs: Vec<Rung>,
    /// What is wrong beyond the records themselves.
    pub(crate) violations: Vec<ProofViolation>,
    /// How many there are altogether.
    pub(crate) violations_total: u64,
    /// What is not proved.
    pub(crate) rests_on_operator: Vec<&'static str>,
}

/// Something that is wrong with what was published, given out or sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ProofViolation {
    /// The record, or the number of records, where it shows.
    pub(crate) position: u64,
    /// The rule that is broken.
    pub(crate) rule: ProofRule,
    /// What was found.
    pub(crate) detail: String,
}

/// The rules of what was published, given out and sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ProofRule {
    /// Every entry can be read.
    Readable,
    /// A published tile holds the hashes that the entries give.
    Tile,
    /// A checkpoint is one, and its root is that of the records.
    Checkpoint,
    /// The log's name ends with whose log it is.
    Origin,
    /// A known key has signed, rightly.
    Signature,
    /// The log is not shorter than what was given out.
    Tail,
    /// The log has the root that was given out.
    Fork,
    /// A receipt is for the record that is there.
    Receipt,
    /// Witnesses have cosigned, rightly and as many as demanded.
    Witness,
    /// A token beside a checkpoint is an authority's timestamp of it.
    Timestamp,
    /// The log goes through what the keys folder says was promised.
    Promise,
    /// A sealed settlement is what the events give.
    Settlement,
}

/// What is known of a log before its proofs are looked at.
pub(crate) struct Known<'a> {
    pub(crate) name: String,
    pub(crate) published: Option<&'a PublishedLog>,
    pub(crate) tree: &'a TreeReport,
    pub(crate) records: u64,
    /// Whether its records keep every rule.
    pub(crate) is_chained: bool,
    /// Keys that the log registers itself.
    pub(crate) registered: Vec<VerifierKey>,
    /// Checkpoints of it in the cooperative's log.
    pub(crate) noted: &'a [Seen],
    /// Checkpoint that the keys folder says was promised.
    pub(crate) promised: Option<Checkpoint>,
}

/// Checks what is known of a log against the evidence.
pub(crate) fn prove(known: &Known<'_>, evidence: &Evidence, first: Vec<ProofViolation>) -> LogProof {
    let total = first.len() as u64;
    let prover = Prover::new(known, evidence, first, total);
    prover.prove()
}

struct Prover<'a> {
    known: &'a Known<'a>,
    evidence: &'a Evidence,
    newest: Option<&'a (Note, Checkpoint)>,
    roots: BTreeMap<u64, TreeHash>,
    keys: Vec<VerifierKey>,
    key_from: Option<KeyFrom>,
    checkpoints: u64,
    /// Good cosignatures by size of the checkpoint.
    cosigned: BTreeMap<u64, usize>,
    violations: Vec<ProofViolation>,
    total: u64,
}

impl<'a> Prover<'a> {
    fn new(
        known: &'a Known<'a>,
        evidence: &'a Evidence,
        violations: Vec<ProofViolation>,
        total: u64,
    ) -> Self {
        let newest = known.published.and_then(|log| log.newest.as_ref());
        let roots = known.tree.roots.iter().filter_map(|(size, root)| Some((*size, TreeHash((*root)?))));
        let mut prover = Self {
            known,
            evidence,
            newest,
            roots: roots.collect(),
            keys: Vec::new(),
            key_from: None,
            checkpoints: 0,
            cosigned: BTreeMap::new(),
            violations,
            total,
        };
        prover.take_keys();
        prover
    }

    fn prove(mut self) -> LogProof {
        let length = self.known.tree.size;
        let size = self.known.published.map_or(length, |log| log.size);
        let chain = if self.known.is_chained { State::Reached } else { State::Failed };
        self.check_newest();
        self.check_checkpoints();
        let signed = self.signed_state();
        if let Some(promised) = &self.known.promised {
            self.compare("the promise in the keys folder", promised, Some(ProofRule::Promise));
        }
        let known = self.known;
        let noted: Vec<&Seen> = known.noted.iter().filter(|seen| self.is_mine(seen)).collect();
        for seen in noted {
            self.compare(&seen.name, &seen.checkpoint, None);
        }
        let (seen, seen_size) = self.check_seen();
        let witnesses = self.witness_state(size);
        let (timestamp, stamped) = self.timestamp_state();
        let rungs = ladder::rungs([
            (chain, length),
            (signed, size),
            (seen, seen_size),
            (witnesses, size),
            (timestamp, stamped),
        ]);
        LogProof {
            log: self.known.name.clone(),
            origin: self.newest.map(|(_, checkpoint)| checkpoint.origin.clone()),
            records: self.known.records,
            size,
            root: self.known.tree.root.map(TreeHash),
            tiles: self.known.tree.tiles,
            bundles: self.known.tree.bundles,
            checkpoints: self.checkpoints,
            key_from: self.key_from,
            rung: ladder::reached(&rungs),
            rests_on_operator: ladder::rests_on_operator(&rungs, self.key_from),
            rungs,
            violations: self.violations,
            violations_total: self.total,
        }
    }

    fn violation(&mut self, position: u64, rule: ProofRule, detail: String) {
        self.total += 1;
        let of_rule = self.violations.iter().filter(|found| found.rule == rule).count();
        if of_rule < VIOLATIONS_LISTED_MAX {
            self.violations.push(ProofViolation { position, rule, detail });
        }
    }

    fn is_mine(&self, seen: &Seen) -> bool {
        matches(self.known.published, &self.known.name, &seen.checkpoint.origin)
    }

    /// Keys from outside, else those that the log registers, else those beside it.
    fn take_keys(&mut self) {
        let Some((_, newest)) = self.newest else { return };
        let of_log = |keys: &[VerifierKey]| -> Vec<VerifierKey> {
            keys.iter().filter(|key| key.name() == newest.origin).cloned().collect()
        };
        let beside = self.known.published.and_then(|log| log.files.read("key").ok().flatten());
        let beside = String::from_utf8(beside.unwrap_or_default()).unwrap_or_default();
        let beside: Result<Vec<VerifierKey>, ProofError> =
            beside.lines().filter(|line| !line.is_empty()).map(str::parse).collect();
        let sources = [
            (KeyFrom::Outside, of_log(&self.evidence.keys)),
            (KeyFrom::Log, of_log(&self.known.registered)),
            (KeyFrom::File, of_log(&beside.unwrap_or_default())),
        ];
        if let Some((from, keys)) = sources.into_iter().find(|(_, keys)| !keys.is_empty()) {
            (self.key_from, self.keys) = (Some(from), keys);
        }
    }

    fn check_newest(&mut self) {
        let Some(published) = self.known.published else { return };
        match self.newest {
            None => {
                let detail = "checkpoint: it is no signed checkpoint".to_owned();
                self.violation(published.size, ProofRule::Checkpoint, detail);
            }
            Some((_, newest)) if !newest.origin.ends_with(&format!("/{}", self.known.name)) => {
                let detail = format!("the checkpoint is of {}", newest.origin);
                self.violation(published.size, ProofRule::Origin, detail);
            }
            Some(_) => {}
        }
    }

    /// Every checkpoint that was published: its signature, its root, and its cosignatures.
    fn check_checkpoints(&mut self) {
        let Some(published) = self.known.published else { return };
        if let Some((note, newest)) = self.newest {
            self.check_checkpoint("checkpoint", note, newest);
        }
        for size in &published.kept {
            let name = format!("checkpoints/{size}");
            let read = published.files.read(&name).ok().flatten().and_then(|bytes| read_checkpoint(&bytes));
            match read {
                None => {
                    self.violation(
                        *size,
                        ProofRule::Checkpoint,
                        format!("{name}: it is no signed checkpoint"),
                    );
                }
                Some((_, read)) if read.size != *size || !self.is_origin(&read.origin) => {
                    let detail = format!("{name}: it is of {} records of {}", read.size, read.origin);
                    self.violation(*size, ProofRule::Checkpoint, detail);
                }
                Some((note, read)) => self.check_checkpoint(&name, &note, &read),
            }
        }
    }

    fn is_origin(&self, origin: &str) -> bool {
        self.newest.is_some_and(|(_, newest)| newest.origin == origin)
    }

    fn check_checkpoint(&mut self, name: &str, note: &Note, stated: &Checkpoint) {
        self.checkpoints += 1;
        self.check_signature(name, note, stated.size);
        let root = self.roots.get(&stated.size).copied();
        if stated.size > self.known.tree.size {
            self.violation(stated.size, ProofRule::Tail, self.shorter(name, stated.size));
        } else if root.is_some_and(|root| root != stated.root) {
            let detail = format!("{name}: its root is not that of the records");
            self.violation(stated.size, ProofRule::Checkpoint, detail);
        }
        let mut good = 0;
        let evidence = self.evidence;
        for witness in &evidence.witnesses {
            match cosigned_at(note, witness) {
                Ok(_) => good += 1,
                Err(ProofError::NotSigned(_)) => {}
                Err(_) => {
                    let detail = format!("{name}: the cosignature of {} is wrong", witness.name());
                    self.violation(stated.size, ProofRule::Witness, detail);
                }
            }
        }
        let known = self.cosigned.entry(stated.size).or_default();
        *known = good.max(*known);
    }

    fn shorter(&self, name: &str, size: u64) -> String {
        format!("{name}: it was given out at {size} records, the log has {}", self.known.tree.size)
    }

    fn check_signature(&mut self, name: &str, note: &Note, size: u64) {
        if self.keys.is_empty() {
            return;
        }
        let results: Vec<Result<(), ProofError>> = self.keys.iter().map(|key| note.verify(key)).collect();
        let is_wrong = |result: &Result<(), ProofError>| matches!(result, Err(ProofError::Signature(_)));
        if results.iter().any(is_wrong) {
            self.violation(size, ProofRule::Signature, format!("{name}: the signature is wrong"));
        } else if !results.iter().any(Result::is_ok) {
            self.violation(size, ProofRule::Signature, format!("{name}: no signature by a known key"));
        }
    }

    fn signed_state(&self) -> State {
        use ProofRule::{Checkpoint, Origin, Signature, Tile};
        let has = |rules: &[ProofRule]| self.violations.iter().any(|found| rules.contains(&found.rule));
        let is_published_wrong = self.known.tree.violations > 0;
        let is_there = self.newest.is_some() && !self.keys.is_empty();
        match is_there {
            true if !is_published_wrong && !has(&[Tile, Checkpoint, Signature, Origin]) => State::Reached,
            false if !is_published_wrong && !has(&[Tile, Checkpoint, Origin]) => State::NotGiven,
            _ => State::Failed,
        }
    }

    /// What was given out must be of this log.
    fn compare(&mut self, name: &str, stated: &Checkpoint, rule: Option<ProofRule>) {
        if stated.size > self.known.tree.size {
            let detail = self.shorter(name, stated.size);
            self.violation(stated.size, rule.unwrap_or(ProofRule::Tail), detail);
        } else if self.roots.get(&stated.size).is_some_and(|root| *root != stated.root) {
            let detail = format!("{name}: at {} records it has another root than the log", stated.size);
            self.violation(stated.size, rule.unwrap_or(ProofRule::Fork), detail);
        }
    }

    /// Checkpoints and receipts that the auditor kept; how far they reach.
    fn check_seen(&mut self) -> (State, u64) {
        let evidence = self.evidence;
        let seen: Vec<&Seen> = evidence.seen.iter().filter(|seen| self.is_mine(seen)).collect();
        let receipts: Vec<&Receipt> =
            evidence.receipts.iter().filter(|receipt| self.is_mine(&receipt.seen)).collect();
        let sizes = seen.iter().copied().chain(receipts.iter().map(|receipt| &receipt.seen));
        let Some(size) = sizes.map(|seen| seen.checkpoint.size).max() else { return (State::NotGiven, 0) };
        let before = self.total;
        for seen in seen {
            self.check_signature(&seen.name, &seen.note, seen.checkpoint.size);
            self.compare(&seen.name, &seen.checkpoint, None);
        }
        for receipt in receipts {
            self.check_receipt(receipt);
        }
        (if self.total == before { State::Reached } else { State::Failed }, size)
    }

    fn check_receipt(&mut self, receipt: &Receipt) {
        let Seen { name, note, checkpoint } = &receipt.seen;
        self.check_signature(name, note, checkpoint.size);
        self.compare(name, checkpoint, None);
        let index = receipt.proof.index;
        let leaf = self.known.tree.leaves.iter().find(|(position, _)| *position == index);
        let Some((_, leaf)) = leaf else { return };
        let hashes = &receipt.proof.hashes;
        if check_inclusion(TreeHash(*leaf), index, checkpoint.size, hashes, checkpoint.root).is_err() {
            let detail = format!("{name}: record {index} is not the one that it was given for");
            self.violation(index, ProofRule::Receipt, detail);
        }
    }

    /// RFC 3161 tokens, each over the text of the checkpoint of its size: the state, and the size of the newest one that
    /// holds.
    fn timestamp_state(&mut self) -> (State, u64) {
        let known = self.known;
        let Some(log) = known.published.filter(|log| !log.tokens.is_empty()) else {
            return (State::NotGiven, 0);
        };
        let Some(roots) = &self.evidence.tsa_roots else { return (State::NotChecked, 0) };
        let before = self.total;
        for size in &log.tokens {
            if let Err(reason) = timestamped(log, *size, roots) {
                let detail = format!("checkpoints/{size}.tsr: {reason}");
                self.violation(*size, ProofRule::Timestamp, detail);
            }
        }
        let newest = log.tokens.last().copied().unwrap_or_default();
        if self.total == before { (State::Reached, newest) } else { (State::Failed, 0) }
    }

    /// The newest checkpoint must have the quorum.
    fn witness_state(&mut self, size: u64) -> State {
        let evidence = self.evidence;
        if let Some(policy) = &evidence.policy {
            return self.policy_state(policy, size);
        }
        if self.evidence.witnesses.is_empty() {
            return State::NotGiven;
        }
        let quorum = self.evidence.quorum;
        let good = self.cosigned.get(&size).copied().unwrap_or(0);
        if good < quorum {
            let whole = self.cosigned.iter().filter(|(_, count)| **count >= quorum);
            let until = whole.map(|(size, _)| *size).max().unwrap_or(0);
            let detail = format!(
                "{good} of {quorum} demanded witnesses have cosigned the newest checkpoint; all of them have up to record {until}"
            );
            self.violation(size, ProofRule::Witness, detail);
        }
        let is_wrong = self.violations.iter().any(|found| found.rule == ProofRule::Witness);
        if is_wrong { State::Failed } else { State::Reached }
    }

    /// The newest checkpoint must fulfil the policy.
    fn policy_state(&mut self, policy: &Policy, size: u64) -> State {
        let Some((note, _)) = self.newest else { return State::NotGiven };
        let detail = match policy.reached(note) {
            Ok(reached) if reached.quorum => return State::Reached,
            Ok(reached) => {
                let names: Vec<&str> =
                    reached.witnesses.iter().map(|(witness, _)| witness.name.as_str()).collect();
                format!("the newest checkpoint does not fulfil the policy: cosigned by {names:?}")
            }
            Err(error) => format!("the newest checkpoint is refused under the policy: {error}"),
        };
        self.violation(size, ProofRule::Witness, detail);
        State::Failed
    }
}

/// Whether the token beside a checkpoint is of that checkpoint, by an authority that the auditor knows.
fn timestamped(log: &PublishedLog, size: u64, roots: &str) -> Result<(), String> {
    let read = |name: String| match log.files.read(&name) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(format!("{name} is absent")),
        Err(error) => Err(format!("{name}: {error}")),
    };
    let token = read(format!("checkpoints/{size}.tsr"))?;
    let (note, _) = read_checkpoint(&read(format!("checkpoints/{size}"))?).ok_or("its checkpoint is none")?;
    match verify_timestamp(&token, &note.text, roots) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{}: {error}", error.code())),
    }
}
