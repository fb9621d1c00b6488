//! Trust policies (c2sp.org/tlog-policy): which logs and witnesses somebody believes, and how many witnesses it takes.
//!
//! One member is one witness: a public key stands once in a policy, and keys under one name (a member's old and new key)
//! count once. They must be in one group, so that nobody fills two places of a quorum.

use std::str::FromStr;

use super::checkpoint::Checkpoint;
use super::cosignature::cosigned_at;
use super::error::ProofError;
use super::note::{KeyKind, Note, VerifierKey};

/// Most lines of each kind.
const LINES_MAX: usize = 256;
/// The quorum that asks for no witness.
const NONE: &str = "none";

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Keys of logs; empty when the log is known from elsewhere.
    pub logs: Vec<PolicyLog>,
    /// Witnesses that are believed.
    pub witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    /// None: no witness is asked for.
    quorum: Option<Member>,
}

/// A log of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyLog {
    /// Its key, under its origin.
    pub key: VerifierKey,
    /// Where it is.
    pub url: Option<String>,
}

/// A witness of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyWitness {
    /// What the policy calls it.
    pub name: String,
    /// Its key.
    pub key: VerifierKey,
    /// Where checkpoints are submitted to it.
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    name: String,
    needed: usize,
    members: Vec<Member>,
}

/// A witness or a group, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

/// What a note fulfils of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The log's key that signed it; none when the policy names no logs.
    pub log: Option<VerifierKey>,
    /// The witnesses that cosigned it, and when, in seconds of Unix time.
    pub witnesses: Vec<(PolicyWitness, u64)>,
    /// Whether they are enough.
    pub quorum: bool,
}

/// Why a text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy: {reason}")]
pub struct PolicyError {
    /// The line, from 1; the number of lines when something is missing.
    pub line: usize,
    /// What is wrong.
    pub reason: PolicyFault,
}

/// What is wrong with a line of a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// It is none of the four kinds, or has a word too many or too few.
    #[error("not of the form {0}")]
    Shape(&'static str),
    /// A key is none, or of the wrong kind.
    #[error("{0}")]
    Key(ProofError),
    /// A public key stands twice.
    #[error("the public key of {0} stands twice: one member is one witness")]
    KeyTwice(String),
    /// A name is given twice, or is `none`.
    #[error("the name {0} is taken")]
    NameTaken(String),
    /// A name is used that no line before gives.
    #[error("no line before defines {0}")]
    NameUnknown(String),
    /// A name is a member twice.
    #[error("{0} is a member already: nobody fills two places of a quorum")]
    MemberTwice(String),
    /// More is asked for than there are members, or nothing.
    #[error("a group of {0} members can ask for 1 to {0}, any or all; keys under one name are one member")]
    Threshold(usize),
    /// There is no quorum line, or a second one.
    #[error("a policy has one quorum line")]
    Quorum,
    /// There are more lines than anybody needs.
    #[error("at most {LINES_MAX} logs, witnesses and groups each")]
    TooMany,
}

impl PolicyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self.reason {
            PolicyFault::Shape(_) | PolicyFault::TooMany => "POLICY_MALFORMED",
            PolicyFault::Key(_) => "POLICY_KEY_MALFORMED",
            PolicyFault::KeyTwice(_) => "POLICY_KEY_TWICE",
            PolicyFault::NameTaken(_) => "POLICY_NAME_TAKEN",
            PolicyFault::NameUnknown(_) => "POLICY_NAME_UNKNOWN",
            PolicyFault::MemberTwice(_) => "POLICY_MEMBER_TWICE",
            PolicyFault::Threshold(_) => "POLICY_THRESHOLD",
            PolicyFault::Quorum => "POLICY_QUORUM",
        }
    }
}

impl Policy {
    /// What a note fulfils of the policy: which of its witnesses cosigned it, and whether they are a quorum.
    ///
    /// # Errors
    /// A key of the policy signed it wrongly, or the policy names logs and none of them signed it: nothing that such a
    /// note says is to be believed.
    pub fn reached(&self, note: &Note) -> Result<Reached, ProofError> {
        let keys: Vec<VerifierKey> = self.logs.iter().map(|log| log.key.clone()).collect();
        if !keys.is_empty() {
            Checkpoint::open(note, &keys)?;
        }
        let log = keys.into_iter().find(|key| note.verify(key).is_ok());
        let mut seen = vec![None; self.witnesses.len()];
        for (witness, seen) in self.witnesses.iter().zip(&mut seen) {
            match cosigned_at(note, &witness.key) {
                Ok(time) => *seen = Some(time),
                Err(ProofError::NotSigned(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let quorum = self.is_quorum(&seen);
        let pairs = self.witnesses.iter().zip(seen);
        let witnesses = pairs.filter_map(|(witness, seen)| Some((witness.clone(), seen?))).collect();
        Ok(Reached { log, witnesses, quorum })
    }

    fn is_quorum(&self, seen: &[Option<u64>]) -> bool {
        // A group names earlier ones only.
        let mut groups: Vec<bool> = Vec::new();
        for group in &self.groups {
            let here = group.members.iter().filter(|member| fulfilled(**member, seen, &groups));
            groups.push(self.distinct(here) >= group.needed);
        }
        self.quorum.is_none_or(|quorum| fulfilled(quorum, seen, &groups))
    }

    /// How many members these are, keys under one name counted once.
    fn distinct<'a>(&self, members: impl Iterator<Item = &'a Member>) -> usize {
        let mut names = Vec::new();
        let mut groups = 0;
        for member in members {
            match member {
                Member::Witness(number) => names.push(self.witnesses[*number].key.name()),
                Member::Group(_) => groups += 1,
            }
        }
        names.sort_unstable();
        names.dedup();
        names.len() + groups
    }

    fn log(&mut self, words: &[&str]) -> Result<(), PolicyFault> {
        let [key, url @ ..] = words else { return Err(PolicyFault::Shape("log VKEY [URL]")) };
        let url = optional(url).ok_or(PolicyFault::Shape("log VKEY [URL]"))?;
        let key = read_key(key, KeyKind::Log, "the key of a log is an Ed25519 key (1)")?;
        if self.logs.iter().any(|log| log.key.public() == key.public()) {
            return Err(PolicyFault::KeyTwice(key.name().to_owned()));
        }
        self.logs.push(PolicyLog { key, url });
        Ok(())
    }

    fn witness(&mut self, words: &[&str]) -> Result<(), PolicyFault> {
        let shape = || PolicyFault::Shape("witness NAME VKEY [URL]");
        let [name, key, url @ ..] = words else { return Err(shape()) };
        let url = optional(url).ok_or_else(shape)?;
        self.free(name)?;
        let key = read_key(key, KeyKind::Cosignature, "the key of a witness is a cosignature key (4)")?;
        if self.witnesses.iter().any(|witness| witness.key.public() == key.public()) {
            return Err(PolicyFault::KeyTwice(key.name().to_owned()));
        }
        self.witnesses.push(PolicyWitness { name: (*name).to_owned(), key, url });
        Ok(())
    }

    fn group(&mut self, words: &[&str]) -> Result<(), PolicyFault> {
        let [name, needed, names @ ..] = words else {
            return Err(PolicyFault::Shape("group NAME COUNT|any|all MEMBER..."));
        };
        self.free(name)?;
        let mut members = Vec::new();
        for member in names {
            let found = self.find(member)?;
            if members.contains(&found) || self.is_member_elsewhere(found) {
                return Err(PolicyFault::MemberTwice((*member).to_owned()));
            }
            members.push(found);
        }
        let count = self.distinct(members.iter());
        let needed = match *needed {
            "any" => Some(1),
            "all" => Some(count),
            number => number.parse().ok().filter(|parsed: &usize| parsed.to_string() == number),
        };
        let needed =
            needed.filter(|needed| (1..=count).contains(needed)).ok_or(PolicyFault::Threshold(count))?;
        self.groups.push(Group { name: (*name).to_owned(), needed, members });
        Ok(())
    }

    /// Whether a member, or another key under its name, is in a group already.
    fn is_member_elsewhere(&self, member: Member) -> bool {
        let same = |other: &Member| match (*other, member) {
            (Member::Witness(one), Member::Witness(two)) => {
                self.witnesses[one].key.name() == self.witnesses[two].key.name()
            }
            (one, two) => one == two,
        };
        self.groups.iter().any(|group| group.members.iter().any(same))
    }

    fn find(&self, name: &str) -> Result<Member, PolicyFault> {
        let witness = self.witnesses.iter().position(|witness| witness.name == name).map(Member::Witness);
        let group = || self.groups.iter().position(|group| group.name == name).map(Member::Group);
        witness.or_else(group).ok_or_else(|| PolicyFault::NameUnknown(name.to_owned()))
    }

    fn free(&self, name: &str) -> Result<(), PolicyFault> {
        if name == NONE || self.find(name).is_ok() {
            return Err(PolicyFault::NameTaken(name.to_owned()));
        }
        Ok(())
    }

    fn fits(&self) -> bool {
        [self.logs.len(), self.witnesses.len(), self.groups.len()].iter().all(|count| *count <= LINES_MAX)
    }
}

fn fulfilled(member: Member, seen: &[Option<u64>], groups: &[bool]) -> bool {
    match member {
        Member::Witness(number) => seen[number].is_some(),
        Member::Group(number) => groups[number],
    }
}

/// At most one word.
fn optional(words: &[&str]) -> Option<Option<String>> {
    match words {
        [] => Some(None),
        [word] => Some(Some((*word).to_owned())),
        _ => None,
    }
}

fn read_key(text: &str, kind: KeyKind, other: &'static str) -> Result<VerifierKey, PolicyFault> {
    let key: VerifierKey = text.parse().map_err(PolicyFault::Key)?;
    if key.kind() == kind { Ok(key) } else { Err(PolicyFault::Key(ProofError::Key(other))) }
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let mut policy = Self { logs: Vec::new(), witnesses: Vec::new(), groups: Vec::new(), quorum: None };
        let mut has_quorum = false;
        let mut last = 1;
        for (line, content) in (1..).zip(text.split_terminator('\n')) {
            last = line;
            let faulty = |reason| PolicyError { line, reason };
            if content.chars().any(|sign| sign != '\t' && sign.is_ascii_control()) {
                return Err(faulty(PolicyFault::Shape("text lines without control characters")));
            }
            let words: Vec<&str> = content.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
            match words.as_slice() {
                [] => Ok(()),
                [first, ..] if first.starts_with('#') => Ok(()),
                ["log", rest @ ..] => policy.log(rest),
                ["witness", rest @ ..] => policy.witness(rest),
                ["group", rest @ ..] => policy.group(rest),
                ["quorum", _] if has_quorum => Err(PolicyFault::Quorum),
                ["quorum", name] => {
                    has_quorum = true;
                    match *name {
                        NONE => Ok(()),
                        name => policy.find(name).map(|member| policy.quorum = Some(member)),
                    }
                }
                _ => Err(PolicyFault::Shape("log, witness, group or quorum")),
            }
            .map_err(faulty)?;
            if !policy.fits() {
                return Err(faulty(PolicyFault::TooMany));
            }
        }
        if has_quorum { Ok(policy) } else { Err(PolicyError { line: last, reason: PolicyFault::Quorum }) }
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
