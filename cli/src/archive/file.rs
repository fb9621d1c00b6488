//! A file that is hashed while it is written.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A file of an archive, as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listed {
    /// Its name.
    pub(crate) name: String,
    /// Its length.
    pub(crate) bytes: u64,
    /// SHA-256, in hexadecimal digits.
    pub(crate) sha256: String,
    /// BLAKE3, in hexadecimal digits.
    pub(crate) blake3: String,
}

/// Both hashes of what was written so far.
#[derive(Default)]
pub(crate) struct Hashes {
    sha256: Sha256,
    blake3: blake3::Hasher,
    bytes: u64,
}

impl Hashes {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.blake3.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    pub(crate) fn listed(self, name: &str) -> Listed {
        let digits = self.sha256.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let blake3 = self.blake3.finalize().to_hex().to_string();
        Listed { name: name.to_owned(), bytes: self.bytes, sha256: digits, blake3 }
    }
}

/// A file that is written, or only hashed.
pub(super) struct Hashed {
    name: &'static str,
    file: Option<BufWriter<File>>,
    hashes: Hashes,
}

impl Hashed {
    pub(super) fn new(name: &'static str, file: Option<File>) -> Self {
        Self { name, file: file.map(BufWriter::new), hashes: Hashes::default() }
    }

    /// Ends the file: it is on the disk.
    pub(super) fn finish(self) -> io::Result<Listed> {
        if let Some(file) = self.file {
            file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        }
        Ok(self.hashes.listed(self.name))
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(file) = &mut self.file {
            file.write_all(bytes)?;
        }
        self.hashes.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}
