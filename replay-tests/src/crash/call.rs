//! The calls by which a program changes or syncs its files, and reading them from a line of strace.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// Calls that strace is asked to record.
pub(super) const TRACED: &str = "openat,open,creat,fcntl,dup,lseek,write,writev,pwrite64,pwritev,pwritev2,fdatasync,\
                                 fsync,sync_file_range,ftruncate,fallocate,rename,renameat,renameat2,unlink,\
                                 unlinkat,mkdir,mkdirat,rmdir";

/// A file descriptor.
pub(super) type Descriptor = i64;

/// A path relative to an open folder, or to the working folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) folder: Option<Descriptor>,
    pub(super) path: PathBuf,
}

/// What a call asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call {
    Open {
        place: Place,
        create: bool,
        truncate: bool,
        append: bool,
    },
    Duplicate {
        of: Descriptor,
    },
    Seek {
        file: Descriptor,
    },
    Write {
        file: Descriptor,
        bytes: Vec<u8>,
        at: Option<u64>,
    },
    Resize {
        file: Descriptor,
        length: u64,
    },
    Sync {
        file: Descriptor,
    },
    Rename {
        from: Place,
        to: Place,
    },
    Unlink {
        place: Place,
    },
    MakeFolder {
        place: Place,
    },
    /// A change of a file that the replay does not know.
    Unknown {
        file: Descriptor,
    },
    /// It changes nothing that survives a power cut, or makes nothing durable.
    Irrelevant,
}

/// Reads `name(arguments`, whose closing bracket may be missing.
pub(super) fn parse(name: &str, arguments: &str) -> Result<Call> {
    let arguments = Arguments::split(arguments);
    let call = match name {
        "openat" => open(arguments.place(0, Some(1))?, arguments.text(2)),
        "open" => open(arguments.place_here(0)?, arguments.text(1)),
        "creat" => open(arguments.place_here(0)?, "O_CREAT|O_TRUNC"),
        "dup" => Call::Duplicate { of: arguments.number(0)? },
        "fcntl" if arguments.text(1).starts_with("F_DUPFD") => Call::Duplicate { of: arguments.number(0)? },
        "lseek" => Call::Seek { file: arguments.number(0)? },
        "write" => Call::Write { file: arguments.number(0)?, bytes: arguments.bytes(1)?, at: None },
        "pwrite64" => {
            let at = u64::try_from(arguments.number(3)?)?;
            Call::Write { file: arguments.number(0)?, bytes: arguments.bytes(1)?, at: Some(at) }
        }
        "ftruncate" => {
            Call::Resize { file: arguments.number(0)?, length: u64::try_from(arguments.number(1)?)? }
        }
        "fsync" | "fdatasync" => Call::Sync { file: arguments.number(0)? },
        "rename" => Call::Rename { from: arguments.place_here(0)?, to: arguments.place_here(1)? },
        "renameat" | "renameat2" => {
            Call::Rename { from: arguments.place(0, Some(1))?, to: arguments.place(2, Some(3))? }
        }
        "unlink" | "rmdir" => Call::Unlink { place: arguments.place_here(0)? },
        "unlinkat" => Call::Unlink { place: arguments.place(0, Some(1))? },
        "mkdir" => Call::MakeFolder { place: arguments.place_here(0)? },
        "mkdirat" => Call::MakeFolder { place: arguments.place(0, Some(1))? },
        // Started or awaited writeback is no promise: the device may still hold it in a cache that a power cut empties.
        "sync_file_range" | "fcntl" => Call::Irrelevant,
        // Writes that the replay does not know must not be taken for nothing.
        "writev" | "pwritev" | "pwritev2" | "fallocate" => Call::Unknown { file: arguments.number(0)? },
        other => bail!("strace recorded {other}, which was not asked for"),
    };
    Ok(call)
}

fn open(place: Place, flags: &str) -> Call {
    let has = |flag: &str| flags.split('|').any(|one| one == flag);
    Call::Open { place, create: has("O_CREAT"), truncate: has("O_TRUNC"), append: has("O_APPEND") }
}

/// The arguments of a call. With `-xx` strings are `"\x41\x42"`, so that no comma or bracket is inside one.
struct Arguments<'a>(Vec<&'a str>);

impl<'a> Arguments<'a> {
    fn split(text: &'a str) -> Self {
        Self(text.trim_end().trim_end_matches(')').split(", ").map(str::trim).collect())
    }

    fn text(&self, index: usize) -> &'a str {
        self.0.get(index).copied().unwrap_or_default()
    }

    fn number(&self, index: usize) -> Result<i64> {
        let text = self.text(index);
        text.parse().with_context(|| format!("argument {index} of a traced call is no number: {text:.40}"))
    }

    fn bytes(&self, index: usize) -> Result<Vec<u8>> {
        let text = self.text(index);
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let hex =
            quoted.with_context(|| format!("argument {index} was cut short or is no string: {text:.40}"))?;
        let pairs = hex.split("\\x").skip(1).map(|pair| u8::from_str_radix(pair, 16));
        pairs.collect::<Result<_, _>>().context("a traced string is not hexadecimal")
    }

    fn place_here(&self, index: usize) -> Result<Place> {
        self.place(index, None)
    }

    /// A path, or a folder at `index` and the path below it.
    fn place(&self, index: usize, below: Option<usize>) -> Result<Place> {
        let path = PathBuf::from(String::from_utf8(self.bytes(below.unwrap_or(index))?)?);
        let folder = match below {
            Some(_) if self.text(index) != "AT_FDCWD" => Some(self.number(index)?),
            _ => None,
        };
        Ok(Place { folder, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(path: &str) -> Place {
        Place { folder: None, path: path.into() }
    }

    #[test]
    fn lines_of_strace_are_read() {
        let parsed = |name, arguments| parse(name, arguments).unwrap();
        assert_eq!(
            parsed("openat", r#"AT_FDCWD, "\x2f\x61", O_RDWR|O_CREAT|O_CLOEXEC, 0666)"#),
            Call::Open { place: here("/a"), create: true, truncate: false, append: false }
        );
        assert_eq!(
            parsed("pwrite64", r#"7, "\x00\xff", 2, 4096"#),
            Call::Write { file: 7, bytes: vec![0, 255], at: Some(4096) }
        );
        assert_eq!(
            parsed("unlinkat", r#"5, "\x62", 0)"#),
            Call::Unlink { place: Place { folder: Some(5), path: "b".into() } }
        );
        assert_eq!(parsed("sync_file_range", "3, 0, 10, SYNC_FILE_RANGE_WRITE)"), Call::Irrelevant);
        assert_eq!(parsed("fcntl", "3, F_DUPFD_CLOEXEC, 3)"), Call::Duplicate { of: 3 });
        assert!(parse("write", r#"1, "\x61"..., 9"#).is_err(), "a string that strace cut short");
    }
}
