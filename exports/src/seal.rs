//! What a seal states and gives out: the settlement worked out at the present position, and its files, which are kept
//! before the seal is recorded.

use soticket_ledger::files::{Files, KeepError};
use soticket_projections::deals::{CALCULATION, DraftError, EvaluationError, draft};
use soticket_projections::{OrganisationViews, Projections};
use soticket_schema::command::SealSettlement;
use soticket_schema::event::v1::{SettlementFile, SettlementFileKind};
use soticket_schema::{Hash, OrganisationId, Rejection, RejectionCode, ShowId};

use crate::document::Checkpoints;
use crate::statement::settlement_of;
use crate::{CsvOptions, Document, Language, PdfError, StatementError, XlsxFault};

/// What is to be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealing {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The show.
    pub show: ShowId,
    /// The version that the seal is to have.
    pub version: u32,
    /// Hash of the statement that was looked at; sealed is this one or none.
    pub statement: Option<Hash>,
    /// Language of the files.
    pub language: Language,
}

/// Why nothing can be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The request is at fault.
    #[error("{0}")]
    Rejected(Rejection),
    /// The statement at the seal's position cannot be made, or is not the one that is to be sealed.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// A PDF cannot be made.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// A workbook cannot be made.
    #[error(transparent)]
    Xlsx(#[from] XlsxFault),
    /// A list cannot be written.
    #[error(transparent)]
    Csv(#[from] std::io::Error),
    /// A file cannot be kept.
    #[error(transparent)]
    Keep(#[from] KeepError),
}

/// Works a settlement out at the present position, renders its files and keeps them. They survive a power cut when this
/// returns, and the seal that names them is still to be recorded: see [`soticket_ledger::files`] for a crash between.
///
/// Nothing is rendered for a seal that is refused anyway, or was recorded before.
///
/// # Errors
/// See [`SealError`].
pub fn prepare_seal(
    projections: &Projections,
    files: &Files,
    sealing: &Sealing,
    checkpoints: Checkpoints<'_>,
) -> Result<SealSettlement, SealError> {
    let found = projections.view(sealing.organisation, |views| worked_out(views, sealing));
    let unknown = || Rejection::new(RejectionCode::OrganisationUnknown, "organisation");
    let (mut seal, canonical) = found.unwrap_or_else(|| Err(unknown())).map_err(SealError::Rejected)?;
    if let Some(canonical) = canonical {
        let document = settlement_of(projections, sealing.organisation, &seal)?.naming(checkpoints);
        seal.files = give_out(files, sealing, &document, canonical)?;
    }
    Ok(seal)
}

/// The seal without files, and the canonical statement if there are files to be made.
fn worked_out(
    views: &OrganisationViews,
    sealing: &Sealing,
) -> Result<(SealSettlement, Option<String>), Rejection> {
    let show = sealing.show;
    let known = views.deals.show(show).zip(views.settlement.figures(show));
    let (deal, figures) = known.ok_or_else(|| Rejection::new(RejectionCode::ShowUnknown, "show"))?;
    let draft = draft(deal, &figures, views.deals.rates()).map_err(|error| {
        let code = match error {
            DraftError::NoDeal => RejectionCode::DealUnknown,
            DraftError::NoVersion(_) => RejectionCode::DealVersionMismatch,
            DraftError::Evaluation(EvaluationError::RateUnknown { .. }) => RejectionCode::RateUnknown,
            DraftError::Evaluation(EvaluationError::StepUnknown { .. }) => RejectionCode::DealStepUnknown,
        };
        Rejection::new(code, "show")
    })?;
    let last = deal.settlements.last();
    let same = last.is_some_and(|last| last.sealed.statement == draft.statement);
    // Another statement than the one looked at is of no position of the log: the decision refuses it, unless the key is
    // known and the command was recorded before.
    let moved = sealing.statement.is_some_and(|wanted| wanted != draft.statement);
    let seal = SealSettlement {
        show,
        version: sealing.version,
        deal_version: draft.deal_version,
        calculation: CALCULATION,
        position: if moved { u64::MAX } else { views.position().unwrap_or(0) },
        head: views.head(),
        statement: draft.statement,
        lines: draft.lines,
        files: Vec::new(),
        language: match sealing.language {
            Language::French => String::new(),
            other => other.code().to_owned(),
        },
    };
    let next = draft.version == sealing.version && !same && !moved;
    Ok((seal, next.then_some(draft.canonical)))
}

fn give_out(
    files: &Files,
    sealing: &Sealing,
    document: &Document,
    canonical: String,
) -> Result<Vec<SettlementFile>, SealError> {
    let Sealing { organisation, language, .. } = *sealing;
    let mut given = vec![(SettlementFileKind::Json, canonical.into_bytes())];
    given.extend(rendered(document, language)?);
    let mut kept: Vec<SettlementFile> = Vec::with_capacity(given.len());
    for (kind, bytes) in given {
        let hash = files.keep(organisation, &bytes)?;
        kept.push(SettlementFile { kind, hash, bytes: bytes.len() as u64 });
    }
    Ok(kept)
}

/// The document in every format.
fn rendered(
    document: &Document,
    language: Language,
) -> Result<[(SettlementFileKind, Vec<u8>); 4], SealError> {
    let mut csv = Vec::new();
    document.csv(language, CsvOptions::of(language), &mut csv)?;
    Ok([
        (SettlementFileKind::Json, document.json()),
        (SettlementFileKind::Pdf, document.pdf(language)?),
        (SettlementFileKind::Xlsx, document.xlsx(language)?),
        (SettlementFileKind::Csv, csv),
    ])
}
