//! The life of a settlement.

use async_graphql::{ID, InputObject};
use soticket_exports::Sealing;
use soticket_schema::command::{KeepSettlementFiles, PaySettlement, SealSettlement, SignOffSettlement};
use soticket_schema::event::v1::SettlementFile;
use soticket_schema::{CommandBody, Rejection, RejectionCode, Timestamp};

use super::{Caller, CommandInput, Scope};
use crate::scalar::{Counter, DateTime, Decimal, Hash};
use crate::types::documents::DocumentLanguage;
use crate::types::settlement_enums::SettlementFileKind;

/// Input of `settlementSeal`.
#[derive(InputObject)]
pub(crate) struct SettlementSealInput {
    #[graphql(flatten)]
    pub(crate) caller: Caller,
    /// The show.
    show: ID,
    /// The version that this is to be: 1, or one more than the last that was sealed.
    version: i32,
    /// Hash of the statement that was looked at; sealed is this one or none.
    statement: Option<Hash>,
    /// Language of the files that are given out with it.
    #[graphql(default)]
    language: DocumentLanguage,
}

impl SettlementSealInput {
    /// What is to be sealed.
    pub(crate) fn sealing(&self, scope: &Scope) -> Sealing {
        Sealing {
            organisation: scope.organisation,
            show: scope.id(&self.show),
            version: u32::try_from(self.version).unwrap_or(0),
            statement: self.statement.map(|statement| statement.0),
            language: self.language.into(),
        }
    }
}

/// A settlement that was worked out and is to be sealed.
pub(crate) struct PreparedSeal {
    pub(crate) caller: Caller,
    pub(crate) seal: Result<SealSettlement, Rejection>,
}

impl CommandInput for PreparedSeal {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _scope: &Scope) -> Result<CommandBody, Rejection> {
        self.seal.map(CommandBody::SealSettlement)
    }
}

/// A file of a settlement.
#[derive(InputObject)]
pub(crate) struct SettlementFileInput {
    /// What it is.
    kind: SettlementFileKind,
    /// BLAKE3 of its bytes.
    hash: Hash,
    /// Its length in bytes.
    bytes: Counter,
}

/// Input of `settlementFilesKeep`.
#[derive(InputObject)]
pub(crate) struct SettlementFilesKeepInput {
    #[graphql(flatten)]
    pub(crate) caller: Caller,
    /// The settlement.
    settlement: ID,
    /// Its version.
    version: i32,
    /// The files.
    files: Vec<SettlementFileInput>,
}

impl SettlementFilesKeepInput {
    /// The files, as events name them.
    pub(crate) fn files(&self) -> Vec<SettlementFile> {
        let file = |file: &SettlementFileInput| SettlementFile {
            kind: file.kind.into(),
            hash: file.hash.0,
            bytes: file.bytes.0,
        };
        self.files.iter().map(file).collect()
    }
}

/// Files of which it was looked whether they are kept.
pub(crate) struct CheckedFiles {
    pub(crate) input: SettlementFilesKeepInput,
    /// Place of the first that is not kept.
    pub(crate) absent: Option<usize>,
}

impl CommandInput for CheckedFiles {
    fn caller(&self) -> &Caller {
        &self.input.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        if let Some(place) = self.absent {
            return Err(Rejection::new(RejectionCode::FileNotKept, format!("files.{place}.hash")));
        }
        Ok(CommandBody::KeepSettlementFiles(KeepSettlementFiles {
            settlement: scope.id(&self.input.settlement),
            version: version(self.input.version)?,
            files: self.input.files(),
        }))
    }
}

/// Input of `settlementSignOff`.
#[derive(InputObject)]
pub(crate) struct SettlementSignOffInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it was signed, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The settlement.
    settlement: ID,
    /// Its version: the last that was sealed.
    version: i32,
    /// Who; absent for the organisation.
    party: Option<ID>,
    /// BLAKE3 of the signed document, if there is one.
    document: Option<Hash>,
}

impl CommandInput for SettlementSignOffInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::SignOffSettlement(SignOffSettlement {
            settlement: scope.id(&self.settlement),
            version: version(self.version)?,
            party: scope.optional(self.party.as_ref()),
            document: self.document.map(|hash| hash.0),
        }))
    }
}

/// Input of `settlementPay`.
#[derive(InputObject)]
pub(crate) struct SettlementPayInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it was paid, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The settlement.
    settlement: ID,
    /// Its version: the last that was sealed.
    version: i32,
    /// The party.
    party: ID,
    /// How much, with VAT; below zero for what the party paid back.
    amount: Decimal,
    /// How.
    method: ID,
    /// Reference of the transfer, such as the bank's.
    reference: String,
}

impl CommandInput for SettlementPayInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::PaySettlement(PaySettlement {
            settlement: scope.id(&self.settlement),
            version: version(self.version)?,
            party: scope.id(&self.party),
            amount: scope.amount(&self.amount, || "amount".into())?,
            method: scope.id(&self.method),
            reference: self.reference,
        }))
    }
}

/// A version; none has a number below zero.
fn version(version: i32) -> Result<u32, Rejection> {
    u32::try_from(version).map_err(|_| Rejection::new(RejectionCode::SettlementNotSealed, "version"))
}
