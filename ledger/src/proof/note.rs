//! Signed notes (c2sp.org/signed-note) and the keys that sign and verify them.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::error::ProofError;

/// Longest note that is read, in bytes.
const NOTE_BYTES_MAX: usize = 64 * 1024;
/// Most signatures that are read.
const SIGNATURES_MAX: usize = 64;

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyKind {
    /// A note's text, as a log does.
    Log,
    /// A note's text with a time, as a witness does.
    Cosignature,
}

impl KeyKind {
    fn byte(self) -> u8 {
        match self {
            Self::Log => 0x01,
            Self::Cosignature => 0x04,
        }
    }
}

/// A public key with a name, written as `name+id+base64`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    public: [u8; 32],
}

impl VerifierKey {
    /// A key under a name.
    ///
    /// # Errors
    /// The name is empty or holds a space, a `+` or a control character.
    pub fn new(name: &str, kind: KeyKind, public: [u8; 32]) -> Result<Self, ProofError> {
        if !is_key_name(name) {
            return Err(ProofError::Key("its name is empty or holds a space, a + or a control character"));
        }
        Ok(Self { name: name.to_owned(), kind, public })
    }

    /// The name; for the key of a log its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The public key itself.
    pub fn public(&self) -> [u8; 32] {
        self.public
    }

    /// What signatures name the key by beside its name.
    pub fn id(&self) -> [u8; 4] {
        let mut hasher = Sha256::new();
        hasher.update(self.name.as_bytes());
        hasher.update([b'\n', self.kind.byte()]);
        hasher.update(self.public);
        let hash: [u8; 32] = hasher.finalize().into();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Whether the signature claims to be of this key.
    pub fn made(&self, signature: &NoteSignature) -> bool {
        signature.name == self.name && signature.id == self.id()
    }

    /// Whether these 64 bytes are this key's signature of the message.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.public) else { return false };
        let Ok(signature) = Signature::from_slice(signature) else { return false };
        key.verify_strict(message, &signature).is_ok()
    }
}

fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|sign| sign.is_whitespace() || sign.is_control() || sign == '+')
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [[self.kind.byte()].as_slice(), &self.public].concat();
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id()), STANDARD.encode(bytes))
    }
}

impl FromStr for VerifierKey {
    type Err = ProofError;

    fn from_str(text: &str) -> Result<Self, ProofError> {
        let shape = || ProofError::Key("it is not of the form name+id+base64");
        let (name, rest) = text.trim().split_once('+').ok_or_else(shape)?;
        let (id, bytes) = rest.split_once('+').ok_or_else(shape)?;
        let bytes = STANDARD.decode(bytes).map_err(|_| ProofError::Key("its base64 is damaged"))?;
        let (kind, public) = match bytes.split_first() {
            Some((0x01, public)) => (KeyKind::Log, public),
            Some((0x04, public)) => (KeyKind::Cosignature, public),
            _ => return Err(ProofError::Key("only Ed25519 keys of logs (1) and witnesses (4) are known")),
        };
        let public = public.try_into().map_err(|_| ProofError::Key("a public key has 32 bytes"))?;
        let key = Self::new(name, kind, public)?;
        if id == format!("{:08x}", u32::from_be_bytes(key.id())) {
            Ok(key)
        } else {
            Err(ProofError::Key("its id is not that of its name and bytes: was it copied whole?"))
        }
    }
}

impl serde::Serialize for VerifierKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A private key with a name. Never printed.
pub struct NoteKey {
    verifier: VerifierKey,
    private: SigningKey,
}

impl NoteKey {
    /// The key of a seed under a name.
    ///
    /// # Errors
    /// The name is none for a key.
    pub fn from_seed(name: &str, kind: KeyKind, seed: &[u8; 32]) -> Result<Self, ProofError> {
        let private = SigningKey::from_bytes(seed);
        let verifier = VerifierKey::new(name, kind, private.verifying_key().to_bytes())?;
        Ok(Self { verifier, private })
    }

    /// The public half.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Signs a note's text as a log does.
    pub fn sign(&self, text: &str) -> NoteSignature {
        self.signature(&self.signed(text.as_bytes()))
    }

    /// The 64 bytes over a message.
    pub(super) fn signed(&self, message: &[u8]) -> [u8; 64] {
        self.private.sign(message).to_bytes()
    }

    /// A signature line of this key with these bytes.
    pub(super) fn signature(&self, bytes: &[u8]) -> NoteSignature {
        NoteSignature { name: self.verifier.name.clone(), id: self.verifier.id(), bytes: bytes.to_vec() }
    }
}

/// One signature line of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Name of the key.
    pub name: String,
    /// Id of the key.
    pub id: [u8; 4],
    /// What the kind of key makes of it.
    pub bytes: Vec<u8>,
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.as_slice(), &self.bytes].concat();
        write!(f, "\u{2014} {} {}", self.name, STANDARD.encode(bytes))
    }
}

impl FromStr for NoteSignature {
    type Err = ProofError;

    fn from_str(line: &str) -> Result<Self, ProofError> {
        let malformed = || ProofError::Note("a signature line is malformed");
        let (name, bytes) =
            line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' ')).ok_or_else(malformed)?;
        let bytes = STANDARD.decode(bytes).map_err(|_| malformed())?;
        match bytes.split_first_chunk::<4>() {
            Some((id, rest)) if is_key_name(name) && !rest.is_empty() => {
                Ok(Self { name: name.to_owned(), id: *id, bytes: rest.to_vec() })
            }
            _ => Err(malformed()),
        }
    }
}

/// A text with signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What is signed: ends with a line feed.
    pub text: String,
    /// Who says to have signed it.
    pub signatures: Vec<NoteSignature>,
}

impl Note {
    /// Demands the signature of a log's key.
    ///
    /// # Errors
    /// The key did not sign it, or the signature is wrong.
    pub fn verify(&self, key: &VerifierKey) -> Result<(), ProofError> {
        let mut signed = false;
        for signature in self.signatures.iter().filter(|signature| key.made(signature)) {
            if !key.verifies(self.text.as_bytes(), &signature.bytes) {
                return Err(ProofError::Signature(key.name.clone()));
            }
            signed = true;
        }
        if signed { Ok(()) } else { Err(ProofError::NotSigned(key.name.clone())) }
    }

    /// Adds a signature; one of the same key gives way.
    pub fn add(&mut self, signature: NoteSignature) {
        self.signatures.retain(|other| (&other.name, other.id) != (&signature.name, signature.id));
        self.signatures.push(signature);
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl FromStr for Note {
    type Err = ProofError;

    fn from_str(note: &str) -> Result<Self, ProofError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(ProofError::Note("it is longer than 64 KiB"));
        }
        if note.chars().any(|sign| sign < ' ' && sign != '\n') {
            return Err(ProofError::Note("it holds a control character"));
        }
        // The last blank line parts them: the text may hold blank lines itself.
        let parted = note.rfind("\n\n").map(|at| note.split_at(at + 1));
        let (text, rest) = parted.ok_or(ProofError::Note("no blank line parts text and signatures"))?;
        let lines = rest
            .strip_prefix('\n')
            .and_then(|lines| lines.strip_suffix('\n'))
            .ok_or(ProofError::Note("it has no signature, or does not end with a line feed"))?;
        let signatures = lines.split('\n').map(str::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(ProofError::Note("it has more than 64 signatures"));
        }
        Ok(Self { text: text.to_owned(), signatures })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vector of the specification.
    const VECTOR: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn keys_read_back() {
        let key: VerifierKey = VECTOR.parse().unwrap();
        assert_eq!(
            (key.name(), key.kind(), key.to_string().as_str()),
            ("example.com/foo", KeyKind::Log, VECTOR)
        );
        let cut = &VECTOR[..VECTOR.len() - 4];
        let other = VECTOR.replace("foo", "bar");
        let spaced = VECTOR.replace("example.com/foo", "example.com/f o");
        for wrong in ["", "a", "a+b", cut, other.as_str(), spaced.as_str()] {
            assert_eq!(wrong.parse::<VerifierKey>().unwrap_err().code(), "VERIFIER_KEY_MALFORMED", "{wrong}");
        }
    }

    #[test]
    fn what_is_signed_is_verified_and_nothing_else() {
        let key = NoteKey::from_seed("ledger.example/a", KeyKind::Log, &[3; 32]).unwrap();
        let other = NoteKey::from_seed("ledger.example/a", KeyKind::Log, &[4; 32]).unwrap();
        let text = "ledger.example/a\n\nwith a blank line\n";
        let note = Note { text: text.to_owned(), signatures: vec![key.sign(text), other.sign("else\n")] };
        let read: Note = note.to_string().parse().unwrap();
        assert_eq!(read, note);
        assert_eq!(read.verify(key.verifier()), Ok(()));
        assert_eq!(read.verify(other.verifier()).unwrap_err().code(), "SIGNATURE_WRONG");
        let stranger = NoteKey::from_seed("ledger.example/b", KeyKind::Log, &[3; 32]).unwrap();
        assert_eq!(read.verify(stranger.verifier()).unwrap_err().code(), "SIGNATURE_ABSENT");
        let altered = Note { text: text.replace("blank", "other"), ..note };
        assert_eq!(altered.verify(key.verifier()).unwrap_err().code(), "SIGNATURE_WRONG");
    }

    #[test]
    fn malformed_notes_are_refused() {
        let key = NoteKey::from_seed("a", KeyKind::Log, &[3; 32]).unwrap();
        let good = Note { text: "a\n".to_owned(), signatures: vec![key.sign("a\n")] }.to_string();
        let cases = [
            String::new(),
            "a\n".to_owned(),
            "a\n\n".to_owned(),
            good.trim_end().to_owned(),
            good.replace('\u{2014}', "-"),
            good.replace("\u{2014} a", "\u{2014} "),
            good.replace('a', "\t"),
            format!("{good}{}", "x".repeat(NOTE_BYTES_MAX)),
        ];
        for case in cases {
            assert_eq!(case.parse::<Note>().unwrap_err().code(), "NOTE_MALFORMED", "{case}");
        }
    }

    #[test]
    fn a_signature_of_the_same_key_gives_way() {
        let key = NoteKey::from_seed("a", KeyKind::Log, &[3; 32]).unwrap();
        let mut note = Note { text: "a\n".to_owned(), signatures: vec![key.sign("b\n")] };
        note.add(key.sign("a\n"));
        assert_eq!(note.signatures.len(), 1);
        assert_eq!(note.verify(key.verifier()), Ok(()));
    }
}
