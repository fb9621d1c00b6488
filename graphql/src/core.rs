//! What resolvers share.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use async_graphql::{Context, Result};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use soticket_exports::{Ask, Declared, NamedCheckpoint, StatementError};
use soticket_ledger::Ledger;
use soticket_projections::{AsOf, OrganisationViews, Projections};
use soticket_schema::ids::OrganisationId;
use soticket_schema::{Currency, Event};
use tokio::sync::Semaphore;

use crate::access::{Access, Notes, Permissions};
use crate::documents::RENDERINGS_MAX;
use crate::error::{ErrorCode, coded, internal};
use crate::input::Scope;
use crate::limits::{FOLLOWERS_READING_MAX, STALE_WAIT};
use crate::published::Published;
use crate::scalar::LogPosition;
use crate::webhooks::Deliveries;

/// The ledger and its read models.
pub(crate) struct Core {
    pub(crate) ledger: Ledger,
    pub(crate) projections: Arc<Projections>,
    /// Leave to render a file.
    pub(crate) renderings: Arc<Semaphore>,
    /// Leave to read the log for a subscription.
    pub(crate) followers: Arc<Semaphore>,
    currencies: RwLock<FxHashMap<OrganisationId, Currency>>,
    /// Folder of what organisations declare besides the ledger.
    pub(crate) declared: OnceLock<PathBuf>,
    /// Logs as they are published, where the service publishes them.
    pub(crate) published: OnceLock<Published>,
    /// Who asks.
    pub(crate) access: Access,
    /// What they may ask for.
    pub(crate) permissions: Arc<Permissions>,
    /// What the audit journal is told of them.
    pub(crate) notes: Notes,
    /// Deliveries of events, where the service delivers them.
    pub(crate) webhooks: OnceLock<Deliveries>,
}

impl Core {
    pub(crate) fn new(ledger: Ledger, projections: Arc<Projections>) -> Self {
        let renderings = Arc::new(Semaphore::new(RENDERINGS_MAX));
        let (currencies, declared) = (RwLock::default(), OnceLock::new());
        let (published, followers) = (OnceLock::new(), Arc::new(Semaphore::new(FOLLOWERS_READING_MAX)));
        let (access, notes, permissions) =
            (Access::default(), Notes::default(), Arc::new(Permissions::of_schema()));
        Self {
            ledger,
            projections,
            renderings,
            followers,
            currencies,
            declared,
            published,
            access,
            permissions,
            notes,
            webhooks: OnceLock::new(),
        }
    }

    /// The core of a request.
    pub(crate) fn of<'a>(context: &Context<'a>) -> Result<&'a Arc<Self>> {
        context.data::<Arc<Self>>().map_err(|error| internal(error.message))
    }

    /// A statement of an organisation as it is asked for, with what is declared besides the ledger: nothing without a
    /// folder or a file.
    pub(crate) fn ask(&self, organisation: OrganisationId, at: Option<AsOf>) -> Result<Ask, StatementError> {
        let kept = self.declared.get().map(|folder| Declared::kept(folder, organisation));
        let declared = kept.transpose()?.unwrap_or_default();
        Ok(Ask { at, address: None, declared })
    }

    /// The checkpoint over the first so many records of a log, where the service publishes it.
    pub(crate) fn checkpoint(&self, organisation: OrganisationId, size: u64) -> Option<NamedCheckpoint> {
        self.published.get()?.publisher.named(organisation, size).map(Into::into)
    }

    /// The currency of an organisation; none if it is not open. It never changes, so that its first event tells.
    pub(crate) fn currency(&self, organisation: OrganisationId) -> Option<Currency> {
        if let Some(known) = self.currencies.read().get(&organisation) {
            return Some(*known);
        }
        let first = self.ledger.read_at(organisation, &[0]).ok()?.into_iter().next()?;
        let Event::OrganisationOpened(opened) = first.event else { return None };
        self.currencies.write().insert(organisation, opened.currency);
        Some(opened.currency)
    }

    /// Looks at an organisation's read models, all at one position: the live ones, or those of the scope's moment.
    pub(crate) fn view<R>(
        &self,
        scope: Scope,
        look: impl FnOnce(&OrganisationViews) -> Option<R>,
    ) -> Option<R> {
        match scope.moment {
            None => self.projections.view(scope.organisation, look).flatten(),
            Some(position) => look(&*self.projections.known_moment(scope.organisation, position)?),
        }
    }

    /// As [`Self::view`], for what must be there: ids in events are ids of events before them.
    pub(crate) fn expect<R>(
        &self,
        scope: Scope,
        look: impl FnOnce(&OrganisationViews) -> Option<R>,
    ) -> Result<R> {
        self.view(scope, look).ok_or_else(|| coded(ErrorCode::StaleRead))
    }

    /// Waits for the read models to fold the event at `position`.
    pub(crate) async fn reach(&self, organisation: OrganisationId, position: LogPosition) -> Result<()> {
        if self.projections.position(organisation).is_some_and(|folded| folded >= position.0) {
            return Ok(());
        }
        match self.projections.wait_for(organisation, position.0, STALE_WAIT).await {
            true => Ok(()),
            false => Err(coded(ErrorCode::StaleRead)),
        }
    }

    /// Waits for the read models to fold all that is recorded now: for answers that follow a command without naming it.
    pub(crate) async fn reach_head(&self, organisation: OrganisationId) -> Result<()> {
        let recorded = self.ledger.head(organisation).and_then(|head| head.length.checked_sub(1));
        match recorded {
            Some(position) => self.reach(organisation, LogPosition(position)).await,
            None => Ok(()),
        }
    }

    /// Runs what reads the log on a thread that may block.
    pub(crate) async fn blocking<R: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Self) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let core = Arc::clone(self);
        tokio::task::spawn_blocking(move || read(&core)).await.map_err(internal)?
    }

    /// Events of all organisations that the read models have not folded yet.
    pub(crate) fn lag(&self) -> u64 {
        self.projections.status().iter().map(|status| status.recorded.saturating_sub(status.folded)).sum()
    }
}
