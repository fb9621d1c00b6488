//! Statements of a show, out of what the read models hold.

mod apart;
mod box_office;
mod legal;
mod names;
mod places;
mod receipts;
mod remittance;
pub mod returns;
pub mod settlement;
pub mod words;

use soticket_projections::catalogue::{OrganisationInfo, ShowState};
use soticket_projections::deals::DraftError;
use soticket_projections::settlement::ShowSettlement;
use soticket_projections::{AsOf, AsOfError, AsOfView, OrganisationViews, Projections};
use soticket_schema::command::SealSettlement;
use soticket_schema::event::v1::Mode;
use soticket_schema::{Hash, OrganisationId, ShowId};

use self::names::Names;
use self::returns::{Declared, DeclaredError};
use crate::Language;
use crate::document::{Cell, Document, Fact, Issuer, LogRange, Section, Signatory, State};
use crate::language::Term;
use crate::number::Style;

/// A statement of a show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShowStatement {
    /// The box-office statement (bordereau de recettes).
    BoxOffice,
    /// What each network has to remit.
    Remittance,
    /// The settlement by the show's deal (décompte, reddition des comptes).
    Settlement,
    /// What SACEM asks for: receipts by origin and expenses (état des recettes et dépenses).
    Sacem,
    /// What SACD asks for: the accounts of a performance and the base of authors' rights.
    Sacd,
    /// The return of the tax on live shows, for the CNM or ASTP.
    Cnm,
}

/// With what a statement is asked for.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// At which moment; now if none is named.
    pub at: Option<AsOf>,
    /// Where the statement can be fetched again.
    pub address: Option<String>,
    /// What is declared besides the ledger.
    pub declared: Declared,
}

/// Why there is no such statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// There is no such show at that moment, or the log cannot be read.
    #[error(transparent)]
    AsOf(#[from] AsOfError),
    /// Nothing is agreed for the show, or a rate does not hold at its date.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// What is declared besides the ledger cannot be used.
    #[error(transparent)]
    Declared(#[from] DeclaredError),
    /// The settlement has no such sealed version.
    #[error("SETTLEMENT_NOT_SEALED: no version {0} of the settlement is sealed")]
    NotSealed(u32),
    /// Worked out from the log, a sealed version is not what was sealed: other rules calculated it, or the log is at fault.
    #[error(
        "STATEMENT_DIFFERS: working it out again does not give what was sealed; fetch the files kept with the seal"
    )]
    Differs,
}

/// What is sealed, as far as a statement must agree with it.
#[derive(Debug, Clone, Copy)]
struct Sealed {
    version: u32,
    statement: Hash,
}

impl ShowStatement {
    /// The statement of a show at a moment, now if none is named. The same position gives the same document.
    ///
    /// # Errors
    /// See [`StatementError`]; a show that was not yet planned at that moment is unknown.
    pub fn of(
        self,
        projections: &Projections,
        organisation: OrganisationId,
        show: ShowId,
        at: Option<AsOf>,
        address: Option<String>,
    ) -> Result<Document, StatementError> {
        self.asked(projections, organisation, show, &Ask { at, address, declared: Declared::default() })
    }

    /// As [`Self::of`], with what is declared besides the ledger. The same position and file give the same document.
    ///
    /// # Errors
    /// See [`StatementError`].
    pub fn asked(
        self,
        projections: &Projections,
        organisation: OrganisationId,
        show: ShowId,
        ask: &Ask,
    ) -> Result<Document, StatementError> {
        self.made(projections, organisation, show, ask, None)
    }

    fn made(
        self,
        projections: &Projections,
        organisation: OrganisationId,
        show: ShowId,
        ask: &Ask,
        sealed: Option<Sealed>,
    ) -> Result<Document, StatementError> {
        let view = projections.as_of(organisation, show, ask.at.unwrap_or(AsOf::Position(u64::MAX)))?;
        if let Some(sealed) = sealed
            && !matches!(&view.draft, Some(Ok(draft)) if draft.statement == sealed.statement)
        {
            return Err(StatementError::Differs);
        }
        let settlement = view.settlement.as_ref().ok_or(AsOfError::ShowUnknown)?;
        let document = projections.view(organisation, |views| {
            let (names, declared) = (Names(views), &ask.declared);
            let frame = Frame { names, organisation, view: &view, settlement, declared, sealed };
            let mut document = frame.document(self, ask.address.clone());
            match self {
                Self::BoxOffice => document.sections = box_office::sections(&frame),
                Self::Remittance => document.sections = remittance::sections(&frame),
                Self::Settlement => settlement::fill(&frame, &mut document)?,
                Self::Sacem | Self::Sacd | Self::Cnm => returns::fill(self, &frame, &mut document)?,
            }
            Ok(document)
        });
        document.ok_or(AsOfError::OrganisationUnknown)?
    }

    fn kind(self) -> Term {
        match self {
            Self::BoxOffice => words::BOX_OFFICE,
            Self::Remittance => words::REMITTANCE,
            Self::Settlement => settlement::words::SETTLEMENT,
            Self::Sacem => returns::words::SACEM,
            Self::Sacd => returns::words::SACD,
            Self::Cnm => returns::words::CNM,
        }
    }

    /// What its numbers begin with.
    fn series(self) -> &'static str {
        match self {
            Self::BoxOffice => "BR",
            Self::Remittance => "RR",
            Self::Settlement => "DC",
            Self::Sacem => "SACEM",
            Self::Sacd => "SACD",
            Self::Cnm => "CNM",
        }
    }

    /// Who signs.
    fn parties(self) -> &'static [Term] {
        match self {
            Self::BoxOffice | Self::Settlement => &[words::ORGANISER, words::PRODUCER],
            Self::Remittance => &[words::ORGANISER, words::NETWORK],
            Self::Sacem | Self::Sacd | Self::Cnm => &[words::ORGANISER],
        }
    }
}

/// A sealed version of a show's settlement as it was given out with the seal. Signatures and payments come later and are
/// not in it: the same version gives the same document for ever.
///
/// # Errors
/// See [`StatementError`].
pub fn sealed_settlement(
    projections: &Projections,
    organisation: OrganisationId,
    show: ShowId,
    version: u32,
) -> Result<Document, StatementError> {
    let found = projections.view(organisation, |views| {
        let deal = views.deals.show(show).ok_or(AsOfError::ShowUnknown)?;
        let sealed = deal.sealed(version).ok_or(StatementError::NotSealed(version))?;
        Ok::<_, StatementError>((sealed.sealed.position, sealed.sealed.statement))
    });
    let (position, statement) = found.ok_or(AsOfError::OrganisationUnknown)??;
    at_seal(projections, organisation, show, position, Sealed { version, statement })
}

/// The settlement as a seal gives it out that is still to be recorded: what [`sealed_settlement`] gives ever after.
pub(crate) fn settlement_of(
    projections: &Projections,
    organisation: OrganisationId,
    seal: &SealSettlement,
) -> Result<Document, StatementError> {
    let sealed = Sealed { version: seal.version, statement: seal.statement };
    at_seal(projections, organisation, seal.show, seal.position, sealed)
}

/// The settlement at the position of its seal.
fn at_seal(
    projections: &Projections,
    organisation: OrganisationId,
    show: ShowId,
    position: u64,
    sealed: Sealed,
) -> Result<Document, StatementError> {
    let ask = Ask { at: Some(AsOf::Position(position)), ..Ask::default() };
    ShowStatement::Settlement.made(projections, organisation, show, &ask, Some(sealed))
}

/// What the statements of a show share.
struct Frame<'a> {
    names: Names<'a>,
    organisation: OrganisationId,
    view: &'a AsOfView,
    settlement: &'a ShowSettlement,
    declared: &'a Declared,
    /// The seal at the view's position, for a settlement that is given out with it.
    sealed: Option<Sealed>,
}

impl Frame<'_> {
    fn views(&self) -> &OrganisationViews {
        self.names.0
    }

    fn document(&self, statement: ShowStatement, address: Option<String>) -> Document {
        let view = self.view;
        let time_zone =
            view.organisation.as_ref().map(|info| info.parameters.time_zone.clone()).unwrap_or_default();
        let style = Style::new(Language::French, &time_zone);
        let day = view.show.as_ref().and_then(|show| style.local(show.scheduled.starts_at));
        let mut notes = vec![words::rounding(self.settlement.rounding).into()];
        notes.extend(day.map(|day| legal::notes(statement.kind(), day.date())).unwrap_or_default());
        let issuer = self.issuer();
        let signatory = |(place, role): (usize, &Term)| Signatory {
            role: *role,
            // The others sign with a name of their own.
            name: if place == 0 { issuer.name.clone() } else { String::new() },
        };
        let signatures = statement.parties().iter().enumerate().map(signatory).collect();
        Document {
            kind: statement.kind(),
            number: format!("{}-{}", statement.series(), self.reference()),
            version: None,
            state: self.state(),
            issuer,
            subject: self.subject(),
            sections: Vec::new(),
            notes,
            signatures,
            checkpoint: None,
            log: LogRange {
                first: view.first.unwrap_or(0),
                last: view.position,
                hash: view.hash,
                recorded_at: view.recorded_at,
            },
            time_zone,
            address,
        }
    }

    fn reference(&self) -> String {
        let show = self.view.show.as_ref();
        show.map_or_else(|| self.settlement.show.to_string(), |show| show.scheduled.reference.clone())
    }

    fn state(&self) -> State {
        let over = self.view.show.as_ref().is_some_and(|show| is_over(show.state));
        if over { State::Closed } else { State::Provisional }
    }

    fn issuer(&self) -> Issuer {
        issuer(self.organisation, self.view.organisation.as_ref())
    }

    fn subject(&self) -> Vec<Fact> {
        let Some(show) = &self.view.show else { return Vec::new() };
        let scheduled = &show.scheduled;
        let hall = self.views().catalogue.hall(scheduled.hall);
        let on_sale = self.view.availability.as_ref().map_or(0, |places| places.total.on_sale);
        vec![
            Fact::new(words::SHOW, scheduled.title.clone()),
            Fact::new(words::SHOW_NUMBER, scheduled.reference.clone()),
            Fact::new(words::SHOW_ID, Cell::Number(scheduled.show.0)),
            Fact::new(words::STARTS_AT, scheduled.starts_at),
            Fact::new(words::HALL, hall.map(|hall| hall.name.clone()).unwrap_or_default()),
            Fact::new(words::AUTHORISED_CAPACITY, Cell::count(self.settlement.authorised_capacity)),
            Fact::new(words::ON_SALE, Cell::count(on_sale)),
        ]
    }
}

/// The organisation that makes a document.
fn issuer(organisation: OrganisationId, info: Option<&OrganisationInfo>) -> Issuer {
    let of = |part: fn(&soticket_schema::event::v1::OrganisationParameters) -> &String| {
        info.map(|info| part(&info.parameters).clone()).unwrap_or_default()
    };
    Issuer {
        id: organisation,
        name: of(|parameters| &parameters.name),
        siret: of(|parameters| &parameters.siret),
        vat_number: of(|parameters| &parameters.vat_number),
        licence: of(|parameters| &parameters.licence),
        mode: info.map_or(Mode::Live, |info| info.mode),
    }
}

/// Whether nothing of a show sells any more.
fn is_over(state: ShowState) -> bool {
    matches!(state, ShowState::Closed | ShowState::Cancelled)
}

/// A section with one table, if that has any rows.
fn section(title: Term, blocks: Vec<crate::Block>) -> Option<Section> {
    (!blocks.is_empty()).then_some(Section { title, blocks })
}
