//! Passwords as they are kept, by token, in a file beside the data and in no log: what a log has it has for ever, and a
//! password is changed. One line per login; the file is written whole and put in its place, so that a crash leaves the one
//! before or the one after.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use soticket_ledger::durable::{self, Readers};
use soticket_schema::ids::{OrganisationId, TokenId};

use super::password::Kept;

type Key = (OrganisationId, TokenId);

/// Passwords by token. Without a file they are kept for as long as the service runs.
#[derive(Default)]
pub(crate) struct Passwords {
    file: OnceLock<PathBuf>,
    kept: Mutex<FxHashMap<Key, Kept>>,
}

impl Passwords {
    /// Keeps them in this file, and reads those that it has. The first file that is named stays.
    ///
    /// # Errors
    /// The file is there and cannot be read, or has a line that is none of ours.
    pub(crate) fn keep_in(&self, file: PathBuf) -> io::Result<()> {
        let known = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let damaged = |number: usize| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{}: line {}", file.display(), number + 1))
        };
        let lines = known.lines().enumerate();
        let read: Result<FxHashMap<_, _>, _> =
            lines.map(|(number, text)| line(text).ok_or_else(|| damaged(number))).collect();
        *self.kept.lock() = read?;
        let _ = self.file.set(file);
        Ok(())
    }

    /// The password of a token.
    pub(crate) fn of(&self, organisation: OrganisationId, token: TokenId) -> Option<Kept> {
        self.kept.lock().get(&(organisation, token)).cloned()
    }

    /// Keeps a password of a token in place of the one before. On disk when this returns.
    ///
    /// # Errors
    /// The file cannot be written: the one before stays.
    pub(crate) fn set(&self, organisation: OrganisationId, token: TokenId, password: Kept) -> io::Result<()> {
        let mut kept = self.kept.lock();
        let mut next = kept.clone();
        next.insert((organisation, token), password);
        if let Some(file) = self.file.get() {
            write(file, &next)?;
        }
        *kept = next;
        Ok(())
    }
}

fn write(file: &Path, kept: &FxHashMap<Key, Kept>) -> io::Result<()> {
    let mut lines: Vec<String> = kept
        .iter()
        .map(|((organisation, token), Kept(text))| format!("{organisation} {token} {text}\n"))
        .collect();
    lines.sort_unstable();
    durable::write(file, lines.concat().as_bytes(), Readers::Owner)
}

fn line(text: &str) -> Option<(Key, Kept)> {
    let mut parts = text.splitn(3, ' ');
    let organisation = OrganisationId::parse(parts.next()?)?;
    let token = TokenId(parts.next()?.parse().ok()?);
    let kept = parts.next().filter(|kept| kept.starts_with("$argon2id$"))?;
    Some(((organisation, token), Kept(kept.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_there_after_a_restart_and_nobody_else_reads_them() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passwords");
        let (organisation, token) = (OrganisationId([1; 16]), TokenId(3));
        let passwords = Passwords::default();
        passwords.keep_in(file.clone()).unwrap();
        let (first, second) =
            (Kept::of("the first password").unwrap(), Kept::of("another password").unwrap());
        passwords.set(organisation, token, first).unwrap();
        passwords.set(organisation, TokenId(4), second.clone()).unwrap();
        passwords.set(organisation, token, second.clone()).unwrap();
        let later = Passwords::default();
        later.keep_in(file.clone()).unwrap();
        assert_eq!(later.of(organisation, token), Some(second));
        assert_eq!(later.of(OrganisationId([2; 16]), token), None);
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        assert!(!fs::read_to_string(&file).unwrap().contains("another password"));
    }

    #[test]
    fn a_damaged_file_is_refused_and_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passwords");
        fs::write(&file, "nonsense\n").unwrap();
        let refused = Passwords::default().keep_in(file).unwrap_err().to_string();
        assert!(refused.ends_with("passwords: line 1"), "{refused}");
        assert!(Passwords::default().keep_in(folder.path().to_owned()).is_err(), "a folder is no file");
    }

    #[test]
    fn what_cannot_be_written_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let passwords = Passwords::default();
        passwords.keep_in(folder.path().join("gone").join("passwords")).unwrap();
        let (organisation, token) = (OrganisationId([1; 16]), TokenId(3));
        assert!(passwords.set(organisation, token, Kept::of("the first password").unwrap()).is_err());
        assert_eq!(passwords.of(organisation, token), None);
    }
}
