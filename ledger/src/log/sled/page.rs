//! A page: consecutive whole records of one organisation under one key, in values of at most 4 KiB.
//!
//! ```text
//! key    organisation [16] | first position u64 | chunk u16
//! page   format u8 | 0 u8 | chunks u16 | records u32 | record bytes u32 | commit u64 | pages of the commit u32
//!        | CRC-32 u32 | records back to back                             (integers big-endian)
//! ```
//! The page is cut into chunks of 4 KiB; nearly all have one. The checksum is over the key, the header before it and
//! the records, so that damage, and a page that ended up under another key, is named and never passed on.

use sled::IVec;
use soticket_schema::OrganisationId;

use crate::log::{LogError, Run};

/// Longest stored value: larger ones would let the engine's leaves grow into files that it never syncs.
pub(super) const CHUNK_BYTES: usize = 4096;
/// Record bytes that fit a page of one chunk.
pub(super) const PAGE_BYTES: usize = CHUNK_BYTES - HEADER_BYTES;

const HEADER_BYTES: usize = 28;
const CHECKED_BYTES: usize = 24;
const FORMAT: u8 = 1;

/// Stored form of a key.
pub(super) type KeyBytes = [u8; 26];

/// Where a page is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PageKey {
    pub(super) organisation: OrganisationId,
    pub(super) first: u64,
}

impl PageKey {
    pub(super) fn chunk(self, chunk: u16) -> KeyBytes {
        let mut key = [0; 26];
        key[..16].copy_from_slice(&self.organisation.0);
        key[16..24].copy_from_slice(&self.first.to_be_bytes());
        key[24..].copy_from_slice(&chunk.to_be_bytes());
        key
    }

    /// A key behind every page of the organisation and before every page of the next one.
    pub(super) fn end_of(organisation: OrganisationId) -> KeyBytes {
        Self { organisation, first: u64::MAX }.chunk(u16::MAX)
    }

    /// The page and the chunk that a stored key names.
    pub(super) fn parse(key: &[u8]) -> Option<(Self, u16)> {
        let (organisation, rest) = key.split_first_chunk::<16>()?;
        let (first, rest) = rest.split_first_chunk::<8>()?;
        let chunk: [u8; 2] = rest.try_into().ok()?;
        let key = Self { organisation: OrganisationId(*organisation), first: u64::from_be_bytes(*first) };
        Some((key, u16::from_be_bytes(chunk)))
    }

    /// The error for this page when its bytes are not what they should be.
    pub(super) fn damaged(self, reason: &str) -> LogError {
        LogError::RecordMalformed {
            organisation: self.organisation,
            position: self.first,
            reason: reason.to_owned(),
        }
    }
}

/// The commit that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Number of the commit, folder-wide, from 1.
    pub(super) commit: u64,
    /// How many pages it wrote: a commit cut short by a crash has fewer. Meaningless once pages are merged.
    pub(super) pages: u32,
}

/// A page read back and checked.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub(super) key: PageKey,
    pub(super) stamp: Stamp,
    pub(super) count: u32,
    bytes: PageBytes,
}

#[derive(Debug, Clone)]
enum PageBytes {
    One(IVec),
    Many(Vec<u8>),
}

impl Page {
    /// The page's records back to back.
    pub(super) fn records(&self) -> &[u8] {
        let bytes: &[u8] = match &self.bytes {
            PageBytes::One(value) => value,
            PageBytes::Many(value) => value,
        };
        bytes.get(HEADER_BYTES..).unwrap_or_default()
    }

    /// The page's records as a run.
    pub(super) fn run(&self) -> Run<'_> {
        Run { first: self.key.first, count: self.count, records: self.records() }
    }

    /// Position behind the last record.
    pub(super) fn end(&self) -> u64 {
        self.key.first + u64::from(self.count)
    }

    /// How many values the page takes.
    pub(super) fn chunks(&self) -> u16 {
        (HEADER_BYTES + self.records().len()).div_ceil(CHUNK_BYTES) as u16
    }

    /// Puts a page together from its first chunk and, where there are more, from `fetch`.
    pub(super) fn decode(
        key: PageKey,
        first_chunk: IVec,
        fetch: impl Fn(KeyBytes) -> Result<Option<IVec>, LogError>,
    ) -> Result<Self, LogError> {
        let header = first_chunk.first_chunk::<HEADER_BYTES>().copied();
        let header = header.ok_or_else(|| key.damaged("the page is cut short"))?;
        if header[0] != FORMAT {
            // A flipped bit looks like an unknown format, so the checksum decides which of the two it is.
            return Err(unknown_format(key, header[0], &first_chunk));
        }
        let chunks = u16::from_be_bytes([header[2], header[3]]);
        let bytes = if chunks <= 1 {
            PageBytes::One(first_chunk)
        } else {
            let mut bytes = first_chunk.to_vec();
            for chunk in 1..chunks {
                let missing = || key.damaged("a chunk of the page is missing");
                bytes.extend_from_slice(&fetch(key.chunk(chunk))?.ok_or_else(missing)?);
            }
            PageBytes::Many(bytes)
        };
        let page = Self {
            key,
            stamp: Stamp { commit: u64_at(&header, 12), pages: u32_at(&header, 20) },
            count: u32_at(&header, 4),
            bytes,
        };
        let checksum = checksum(key, &header, page.records());
        if checksum != header[CHECKED_BYTES..]
            || page.records().len() != u32_at(&header, 8) as usize
            || page.chunks() != chunks
            || page.count == 0
        {
            return Err(key.damaged("the page's checksum does not match"));
        }
        Ok(page)
    }
}

/// Writes pages; one buffer serves them all.
#[derive(Debug, Default)]
pub(super) struct PageWriter {
    page: Vec<u8>,
}

impl PageWriter {
    /// Hands the page of `count` records in `pieces` to `put`, chunk by chunk, and returns its size.
    pub(super) fn write(
        &mut self,
        key: PageKey,
        stamp: Stamp,
        count: u32,
        pieces: &[&[u8]],
        mut put: impl FnMut(KeyBytes, &[u8]),
    ) -> usize {
        let length: usize = pieces.iter().map(|piece| piece.len()).sum();
        let chunks = (HEADER_BYTES + length).div_ceil(CHUNK_BYTES) as u16;
        let mut header = [0; HEADER_BYTES];
        header[0] = FORMAT;
        header[2..4].copy_from_slice(&chunks.to_be_bytes());
        header[4..8].copy_from_slice(&count.to_be_bytes());
        header[8..12].copy_from_slice(&(length as u32).to_be_bytes());
        header[12..20].copy_from_slice(&stamp.commit.to_be_bytes());
        header[20..24].copy_from_slice(&stamp.pages.to_be_bytes());
        self.page.clear();
        self.page.extend_from_slice(&header);
        pieces.iter().for_each(|piece| self.page.extend_from_slice(piece));
        let checksum = checksum(key, &header, &self.page[HEADER_BYTES..]);
        self.page[CHECKED_BYTES..HEADER_BYTES].copy_from_slice(&checksum);
        for (chunk, bytes) in (0..chunks).zip(self.page.chunks(CHUNK_BYTES)) {
            put(key.chunk(chunk), bytes);
        }
        self.page.len()
    }
}

/// CRC-32: damage is what it is for, and it costs a thirtieth of BLAKE3. Alteration shows in the records' own chain.
fn checksum(key: PageKey, header: &[u8; HEADER_BYTES], records: &[u8]) -> [u8; 4] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&key.chunk(0));
    hasher.update(&header[..CHECKED_BYTES]);
    hasher.update(records);
    hasher.finalize().to_be_bytes()
}

fn unknown_format(key: PageKey, found: u8, chunk: &[u8]) -> LogError {
    let mut header = [0; HEADER_BYTES];
    header.copy_from_slice(&chunk[..HEADER_BYTES]);
    let sound = checksum(key, &header, &chunk[HEADER_BYTES..]) == header[CHECKED_BYTES..];
    if sound {
        LogError::FormatUnknown {
            path: format!("the page at {} of organisation {}", key.first, key.organisation),
            found: u32::from(found),
            known: u32::from(FORMAT),
        }
    } else {
        key.damaged("the page's header is damaged")
    }
}

fn u32_at(header: &[u8; HEADER_BYTES], at: usize) -> u32 {
    header[at..].first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

fn u64_at(header: &[u8; HEADER_BYTES], at: usize) -> u64 {
    header[at..].first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const KEY: PageKey = PageKey { organisation: OrganisationId([3; 16]), first: 1 << 40 };
    const STAMP: Stamp = Stamp { commit: 77, pages: 5 };

    fn stored(pieces: &[&[u8]]) -> BTreeMap<KeyBytes, Vec<u8>> {
        let mut values = BTreeMap::new();
        PageWriter::default().write(KEY, STAMP, 9, pieces, |key, value| {
            values.insert(key, value.to_vec());
        });
        values
    }

    fn read(values: &BTreeMap<KeyBytes, Vec<u8>>) -> Result<Page, LogError> {
        let chunk = |key: KeyBytes| Ok(values.get(&key).map(|value| IVec::from(value.as_slice())));
        Page::decode(KEY, chunk(KEY.chunk(0))?.unwrap(), chunk)
    }

    #[test]
    fn a_page_reads_back_in_chunks_of_at_most_4_kib() {
        for (length, chunks) in [(1, 1), (PAGE_BYTES, 1), (PAGE_BYTES + 1, 2), (61_548, 16)] {
            let records: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let (front, back) = records.split_at(length / 3);
            let values = stored(&[front, back]);
            assert_eq!(values.len(), chunks);
            assert!(values.values().all(|value| value.len() <= CHUNK_BYTES));
            let page = read(&values).unwrap();
            assert_eq!((page.stamp, page.count, page.records()), (STAMP, 9, records.as_slice()));
            assert_eq!(page.end(), KEY.first + 9);
        }
    }

    #[test]
    fn every_flipped_bit_is_named() {
        let values = stored(&[&[5; 30]]);
        let key = KEY.chunk(0);
        for bit in 0..values[&key].len() * 8 {
            let mut damaged = values.clone();
            damaged.get_mut(&key).unwrap()[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read(&damaged).unwrap_err().code(), "LOG_RECORD_MALFORMED", "bit {bit}");
        }
    }

    #[test]
    fn a_missing_chunk_and_a_foreign_key_are_named() {
        let mut values = stored(&[&[5; 9_000]]);
        values.remove(&KEY.chunk(1));
        assert_eq!(read(&values).unwrap_err().code(), "LOG_RECORD_MALFORMED");
        let value = stored(&[&[5; 30]]).remove(&KEY.chunk(0)).unwrap();
        let elsewhere = PageKey { first: 0, ..KEY };
        let error = Page::decode(elsewhere, IVec::from(value), |_| Ok(None)).unwrap_err();
        assert_eq!(error.code(), "LOG_RECORD_MALFORMED");
    }
}
