//! Purposes, and what persons agreed to.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use soticket_projections::customers::{self, ConsentEntry, PurposeInfo};
use soticket_schema::ids::PurposeId;

use super::lookup::named;
use super::people_enums::{ConsentSource, ConsentState, ProfileField};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::scalar::{Counter, DateTime, LogPosition};

/// A purpose that persons can agree to.
pub(crate) struct Purpose {
    scope: Scope,
    purpose: PurposeInfo,
}

impl Purpose {
    /// A purpose as the read model has it.
    pub(super) fn new(scope: Scope, purpose: PurposeInfo) -> Self {
        Self { scope, purpose }
    }

    /// The purpose with this number.
    pub(crate) fn load(core: &Core, scope: Scope, purpose: PurposeId) -> Option<Self> {
        let purpose = core.view(scope, |views| views.customers.purpose(purpose).cloned())?;
        Some(Self::new(scope, purpose))
    }
}

/// A purpose that persons can agree to, such as a newsletter.
#[Object]
impl Purpose {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.purpose.purpose)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.purpose.purpose.0.into())
    }

    /// Its name for programs.
    async fn purpose_key(&self) -> &str {
        &self.purpose.key
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.purpose.terms.name
    }

    /// Whether it takes consents.
    async fn open(&self) -> bool {
        self.purpose.open
    }

    /// Every wording that it had, the present one last.
    async fn wordings(&self) -> Vec<Wording> {
        let wording = |(version, wording): (i32, &customers::Wording)| Wording {
            version,
            text: wording.text.clone(),
            since: DateTime(wording.since),
        };
        (1..).zip(&self.purpose.wordings).map(wording).collect()
    }
}

/// What was put to persons.
#[derive(SimpleObject)]
pub(crate) struct Wording {
    /// Its version, from 1.
    version: i32,
    /// What it says.
    text: String,
    /// Since when.
    since: DateTime,
}

/// A consent, or its withdrawal.
pub(crate) struct ConsentStatement {
    pub(super) scope: Scope,
    pub(super) entry: ConsentEntry,
}

/// A consent, or its withdrawal.
#[Object]
impl ConsentStatement {
    /// To what.
    async fn purpose(&self, context: &Context<'_>) -> Result<Purpose> {
        named(context, self.scope, self.entry.purpose, Purpose::load)
    }

    /// Whether the person agreed.
    async fn given(&self) -> bool {
        self.entry.given()
    }

    /// Version of the wording that they agreed to; null for a withdrawal.
    async fn version(&self) -> Option<i32> {
        self.entry.version.map(|version| i32::try_from(version).unwrap_or(i32::MAX))
    }

    /// How they said so.
    async fn source(&self) -> ConsentSource {
        self.entry.source.into()
    }

    /// When they said so.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.entry.occurred_at)
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.entry.recorded_at)
    }

    /// Position of its event: the proof.
    async fn position(&self) -> LogPosition {
        LogPosition(self.entry.position)
    }
}

/// Where a person stands to a purpose.
pub(crate) struct Consent {
    pub(super) scope: Scope,
    pub(super) purpose: PurposeInfo,
    /// What they said last.
    pub(super) last: Option<ConsentEntry>,
}

/// Where a person stands to a purpose.
#[Object]
impl Consent {
    /// The purpose.
    async fn purpose(&self) -> Purpose {
        Purpose::new(self.scope, self.purpose.clone())
    }

    /// Whether they agree.
    async fn state(&self) -> ConsentState {
        match &self.last {
            None => ConsentState::Unasked,
            Some(entry) if entry.given() => ConsentState::Given,
            Some(_) => ConsentState::Withdrawn,
        }
    }

    /// What they said last; null if they said nothing.
    async fn last(&self) -> Option<ConsentStatement> {
        self.last.map(|entry| ConsentStatement { scope: self.scope, entry })
    }
}

/// A change of a profile. What it was and is, the vault alone knows.
#[derive(SimpleObject)]
pub(crate) struct ProfileEntry {
    /// Fields that were given a value.
    set: Vec<ProfileField>,
    /// Fields that were emptied.
    cleared: Vec<ProfileField>,
    /// Whether the person changed it, or staff.
    by_person: bool,
    /// When.
    recorded_at: DateTime,
    /// Position of its event.
    position: LogPosition,
}

impl From<&customers::ProfileEntry> for ProfileEntry {
    fn from(entry: &customers::ProfileEntry) -> Self {
        Self {
            set: entry.set.iter().copied().map(Into::into).collect(),
            cleared: entry.cleared.iter().copied().map(Into::into).collect(),
            by_person: entry.by_person,
            recorded_at: DateTime(entry.recorded_at),
            position: LogPosition(entry.position),
        }
    }
}
