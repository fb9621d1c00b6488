//! What an erasure would meet: what is in its way, and what is kept after it, why and until when.

use async_graphql::{Context, Object, Result, SimpleObject};
use soticket_ledger::decide::erasure::is_waivable;
use soticket_projections::customers::{self, KeptRecords};
use soticket_schema::Rejection;

use crate::core::Core;
use crate::input::Scope;
use crate::mutation::accepted;
use crate::scalar::DateTime;
use crate::user_error::UserError;

/// What an erasure would meet.
pub(crate) struct ErasureOutlook {
    pub(super) scope: Scope,
    pub(super) customer: customers::Customer,
}

/// What an erasure would meet now.
#[Object]
impl ErasureOutlook {
    /// What is in the way, the first first; empty if nothing is. `subjectErase` refuses with the first of them, unless it is
    /// one that the person gives up.
    async fn open_matters(&self, context: &Context<'_>) -> Result<Vec<OpenMatter>> {
        let Some(subject) = self.customer.subject else { return Ok(Vec::new()) };
        let open = Core::of(context)?.ledger.open_matters(self.scope.organisation, subject).await;
        let codes = match accepted(open)? {
            Ok(codes) => codes,
            Err(rejection) => vec![rejection.code],
        };
        let matter =
            |code| OpenMatter { error: Rejection::new(code, "subject").into(), waivable: is_waivable(code) };
        Ok(codes.into_iter().map(matter).collect())
    }

    /// What is kept after the erasure, why, and until when at least. None of it says who the person was.
    async fn kept(&self, context: &Context<'_>) -> Result<Vec<KeptAfterErasure>> {
        let core = Core::of(context)?;
        let now = core.ledger.now();
        core.expect(self.scope, |views| {
            let kept = views.kept_after_erasure(&self.customer, now);
            Some(kept.iter().map(Into::into).collect())
        })
    }
}

/// Something that is in the way of an erasure.
#[derive(SimpleObject)]
pub(crate) struct OpenMatter {
    /// Its code, and what to do.
    error: UserError,
    /// Whether the person may give it up: `waived` of `subjectErase`.
    waivable: bool,
}

/// What is kept after an erasure.
#[derive(SimpleObject)]
pub(crate) struct KeptAfterErasure {
    /// Its key, such as "fr.accounting".
    record_key: String,
    /// What is kept, in French.
    fr: String,
    /// What is kept, in English.
    en: String,
    /// Until when the law wants it at least. The log itself is not cut.
    until: DateTime,
    /// The text that it rests on.
    legal_basis: String,
    /// Where that was found.
    source: String,
    /// Whether the source is not sure of it.
    uncertain: bool,
}

impl From<&KeptRecords> for KeptAfterErasure {
    fn from(kept: &KeptRecords) -> Self {
        let period = kept.period;
        Self {
            record_key: period.key.clone(),
            fr: period.fr.clone(),
            en: period.en.clone(),
            until: DateTime(kept.until),
            legal_basis: period.legal_basis.clone(),
            source: period.source.clone(),
            uncertain: period.uncertain,
        }
    }
}
