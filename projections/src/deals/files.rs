//! Files that events of deals and settlements name.

use soticket_schema::event::v1::SettlementFileKind;
use soticket_schema::{CostId, Hash, PartyId, ShowId};

use super::{Deals, ShowDeal};

/// A file that an event names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedFile {
    /// Its show.
    pub show: ShowId,
    /// What it is of.
    pub of: FileOf,
    /// BLAKE3 of its bytes.
    pub hash: Hash,
}

/// What a file is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileOf {
    /// A sealed version of the settlement; its bytes must be kept.
    Settlement {
        /// The version.
        version: u32,
        /// What the file is.
        kind: SettlementFileKind,
        /// Its length in bytes.
        bytes: u64,
    },
    /// What was signed with a sign-off; it may be kept elsewhere.
    SignOff {
        /// The version that was signed.
        version: u32,
        /// Who signed; none for the organisation.
        party: Option<PartyId>,
    },
    /// The voucher of a cost; it may be kept elsewhere.
    Cost(CostId),
    /// The voucher of an advance, by the position of its event; it may be kept elsewhere.
    Advance(u64),
}

impl FileOf {
    /// Whether the ledger is to have its bytes.
    pub fn is_kept(self) -> bool {
        matches!(self, Self::Settlement { .. })
    }
}

impl Deals {
    /// Every file that an event names, by show.
    pub fn files(&self) -> impl Iterator<Item = NamedFile> {
        self.shows.sorted().flat_map(|(show, deal)| {
            deal.files().map(move |(of, hash)| NamedFile { show: ShowId(show), of, hash })
        })
    }

    /// What events name a file as; none if none does. What is kept with a seal goes before what may be kept elsewhere.
    pub fn file(&self, hash: Hash) -> Option<NamedFile> {
        let named = self.files().filter(|file| file.hash == hash);
        named.min_by_key(|file| !file.of.is_kept())
    }
}

impl ShowDeal {
    fn files(&self) -> impl Iterator<Item = (FileOf, Hash)> {
        let versions = self.settlements.iter().flat_map(|sealed| {
            let version = sealed.sealed.version;
            let kept = sealed.files.iter().map(move |file| {
                (FileOf::Settlement { version, kind: file.kind, bytes: file.bytes }, file.hash)
            });
            let signed = sealed.signed.iter().filter_map(move |sign| {
                Some((FileOf::SignOff { version, party: sign.party }, sign.document?))
            });
            kept.chain(signed)
        });
        let costs =
            self.costs.iter().filter_map(|cost| Some((FileOf::Cost(cost.cost), cost.terms.voucher.file?)));
        let advances = self
            .advances
            .iter()
            .filter_map(|advance| Some((FileOf::Advance(advance.position), advance.recorded.voucher.file?)));
        versions.chain(costs).chain(advances)
    }
}
