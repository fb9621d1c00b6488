//! Cosignatures of witnesses (c2sp.org/tlog-cosignature, Ed25519): a witness saw this checkpoint, at a time.

use super::error::ProofError;
use super::note::{KeyKind, Note, NoteKey, NoteSignature, VerifierKey};

/// What is signed.
fn message(text: &str, seconds: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{text}").into_bytes()
}

/// A witness's signature of a checkpoint's text, seen at so many seconds of Unix time.
pub fn cosign(key: &NoteKey, text: &str, seconds: u64) -> NoteSignature {
    let signed = key.signed(&message(text, seconds));
    key.signature(&[seconds.to_be_bytes().as_slice(), &signed].concat())
}

/// When a witness saw the note's checkpoint, in seconds of Unix time; the newest time if it says several.
///
/// # Errors
/// The witness did not cosign it, or one of its cosignatures is wrong.
pub fn cosigned_at(note: &Note, witness: &VerifierKey) -> Result<u64, ProofError> {
    let mut newest = None;
    for signature in note.signatures.iter().filter(|signature| witness.made(signature)) {
        let parts = signature.bytes.split_first_chunk::<8>();
        let time = parts.filter(|_| witness.kind() == KeyKind::Cosignature).and_then(|(seconds, signed)| {
            let seconds = u64::from_be_bytes(*seconds);
            witness.verifies(&message(&note.text, seconds), signed).then_some(seconds)
        });
        let wrong = || ProofError::Signature(witness.name().to_owned());
        newest = newest.max(Some(time.ok_or_else(wrong)?));
    }
    newest.ok_or_else(|| ProofError::NotSigned(witness.name().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cosignature_binds_text_and_time() {
        let witness = NoteKey::from_seed("member.example", KeyKind::Cosignature, &[5; 32]).unwrap();
        let text = "log\n1\nAAAA\n";
        let signature = cosign(&witness, text, 1_700_000_000);
        let mut note = Note { text: text.to_owned(), signatures: vec![signature] };
        assert_eq!(cosigned_at(&note, witness.verifier()), Ok(1_700_000_000));
        let read: Note = note.to_string().parse().unwrap();
        assert_eq!(cosigned_at(&read, witness.verifier()), Ok(1_700_000_000));
        note.signatures[0].bytes[7] ^= 1;
        assert_eq!(cosigned_at(&note, witness.verifier()).unwrap_err().code(), "SIGNATURE_WRONG");
        let altered = Note { text: "log\n2\nAAAA\n".to_owned(), ..read };
        assert_eq!(cosigned_at(&altered, witness.verifier()).unwrap_err().code(), "SIGNATURE_WRONG");
        note.signatures.clear();
        assert_eq!(cosigned_at(&note, witness.verifier()).unwrap_err().code(), "SIGNATURE_ABSENT");
    }
}
