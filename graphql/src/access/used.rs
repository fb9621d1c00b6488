//! When tokens were last used, to the minute, in a small file beside the data: it is no part of the books, so that it is in
//! no log. A file that is gone or cannot be read costs no more than that.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use soticket_schema::Timestamp;
use soticket_schema::ids::{OrganisationId, TokenId};

/// Minutes by token.
type Minutes = FxHashMap<(OrganisationId, TokenId), Timestamp>;

/// The file, and what it says.
#[derive(Default)]
pub(super) struct Used {
    file: OnceLock<PathBuf>,
    minutes: Mutex<Minutes>,
}

impl Used {
    /// Keeps what is to come in this file, and reads what it has. The first file that is named stays.
    pub(super) fn keep_in(&self, file: PathBuf) {
        let known = fs::read_to_string(&file).unwrap_or_default();
        *self.minutes.lock() = known.lines().filter_map(line).collect();
        let _ = self.file.set(file);
    }

    /// When a token was last used before this service was started.
    pub(super) fn before(&self, organisation: OrganisationId, token: TokenId) -> Option<Timestamp> {
        self.minutes.lock().get(&(organisation, token)).copied()
    }

    /// Writes the file if a token was used in a later minute than it says.
    pub(super) fn write(
        &self,
        used: impl Iterator<Item = ((OrganisationId, TokenId), Timestamp)>,
    ) -> io::Result<()> {
        let Some(file) = self.file.get() else { return Ok(()) };
        let mut minutes = self.minutes.lock();
        let mut later = false;
        for (token, at) in used {
            later |= minutes.insert(token, at).is_none_or(|before| before < at);
        }
        if !later {
            return Ok(());
        }
        let line = |((organisation, token), at): (&(OrganisationId, TokenId), &Timestamp)| {
            format!("{organisation} {token} {}\n", at.0)
        };
        let mut lines: Vec<String> = minutes.iter().map(line).collect();
        lines.sort_unstable();
        // Written apart and put in place whole: a crash leaves the one before.
        let new = file.with_extension("new");
        fs::write(&new, lines.concat())?;
        fs::rename(&new, file)
    }
}

fn line(text: &str) -> Option<((OrganisationId, TokenId), Timestamp)> {
    let mut parts = text.split(' ');
    let organisation = OrganisationId::parse(parts.next()?)?;
    let token = TokenId(parts.next()?.parse().ok()?);
    Some(((organisation, token), Timestamp(parts.next()?.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_is_known_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tokens-used");
        let (token, at) = ((OrganisationId([1; 16]), TokenId(2)), Timestamp(60_000_000));
        let used = Used::default();
        assert!(used.write([(token, at)].into_iter()).is_ok(), "without a file nothing is kept");
        used.keep_in(file.clone());
        used.write([(token, at)].into_iter()).unwrap();
        fs::write(&file, fs::read_to_string(&file).unwrap() + "nonsense\n").unwrap();
        let later = Used::default();
        later.keep_in(file.clone());
        assert_eq!(later.before(token.0, token.1), Some(at));
        fs::remove_file(&file).unwrap();
        later.write([(token, at)].into_iter()).unwrap();
        assert!(!file.exists(), "nothing new is written");
        later.write([(token, Timestamp(at.0 + 60_000_000))].into_iter()).unwrap();
        assert!(file.exists());
    }
}
