//! What an organisation lays down about its customers' data, and whom it finds among them.

use async_graphql::{Context, Object, Result, SimpleObject};
use soticket_ledger::law::retention::{self, PeriodKind};
use soticket_projections::OrganisationViews;
use soticket_projections::customers::{self, RetentionDue};
use soticket_schema::event::v1;

use super::consent::Purpose;
use super::lookup::count;
use super::people_enums::RetentionClass;
use super::segment::CustomerSegment;
use super::{Customer, viewer};
use crate::core::Core;
use crate::error::{ErrorCode, field_error};
use crate::input::{CustomerCriteria, Scope};
use crate::scalar::{DateTime, LogPosition};

/// Most persons that a look at what is due lists.
const DUE_MAX: usize = 100;

/// What an organisation lays down about its customers' data, and whom it finds among them.
pub(super) struct OrganisationPeople {
    pub(super) scope: Scope,
}

impl OrganisationPeople {
    fn look<R>(&self, context: &Context<'_>, look: impl FnOnce(&OrganisationViews) -> R) -> Result<R> {
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        core.expect(self.scope, |views| Some(look(views)))
    }
}

#[Object]
impl OrganisationPeople {
    /// Purposes that persons can agree to, by number.
    async fn purposes(&self, context: &Context<'_>) -> Result<Vec<Purpose>> {
        self.look(context, |views| {
            views.customers.purposes().iter().map(|of| Purpose::new(self.scope, of.clone())).collect()
        })
    }

    /// The customers that all of the criteria hold for. Whoever was erased is none of them.
    async fn customer_segment(
        &self,
        context: &Context<'_>,
        #[graphql(default)] criteria: CustomerCriteria,
    ) -> Result<CustomerSegment> {
        let criteria = criteria
            .read(&self.scope)
            .map_err(|rejection| field_error(ErrorCode::BadUserInput, rejection.to_string()))?;
        let now = Core::of(context)?.ledger.now();
        self.look(context, |views| CustomerSegment::new(self.scope, views.segment(&criteria, now)))
    }

    /// How long personal data are kept, and records without a name at least: as the organisation says, else as the program
    /// brings it, with sources.
    async fn retention_periods(&self, context: &Context<'_>) -> Result<Vec<RetentionPeriod>> {
        let now = Core::of(context)?.ledger.now();
        let classes = self.look(context, |views| {
            let period = |class| views.customers.retention(class, now);
            v1::RetentionClass::ALL.into_iter().filter_map(period).collect::<Vec<_>>()
        })?;
        let at_least = retention::periods().iter().filter(|period| period.kind == PeriodKind::Least);
        Ok(classes
            .iter()
            .map(RetentionPeriod::of_class)
            .chain(at_least.map(RetentionPeriod::least))
            .collect())
    }

    /// Whose data are to be erased because their time is over: the dry run of the retention job, at most 100 persons.
    async fn retention_due(&self, context: &Context<'_>) -> Result<RetentionDueList> {
        let now = Core::of(context)?.ledger.now();
        self.look(context, |views| {
            let zone = views.catalogue.organisation().map(|info| info.parameters.time_zone.as_str());
            let due = views.customers.retention_due(now, zone.unwrap_or("UTC"), None, usize::MAX);
            RetentionDueList { scope: self.scope, due }
        })
    }
}

/// How long something is kept.
#[derive(SimpleObject)]
pub(crate) struct RetentionPeriod {
    /// Whose data; null for records that name nobody.
    class: Option<RetentionClass>,
    /// Its key; null for what the organisation says.
    period_key: Option<String>,
    /// Months.
    months: i32,
    /// Whether data are erased when it is over, or records kept at least so long.
    at_least: bool,
    /// What it rests on, with its date.
    source: String,
    /// Whether the source is not sure of it.
    uncertain: bool,
    /// Position of the event that set it; null for what the program brings.
    position: Option<LogPosition>,
}

impl RetentionPeriod {
    fn of_class(period: &customers::RetentionPeriod) -> Self {
        Self {
            class: Some(period.class.into()),
            period_key: None,
            months: period.months.into(),
            at_least: false,
            source: period.source.clone(),
            uncertain: false,
            position: period.position.map(LogPosition),
        }
    }

    fn least(period: &retention::Period) -> Self {
        Self {
            class: None,
            period_key: Some(period.key.clone()),
            months: period.months.into(),
            at_least: true,
            source: format!("{} ({})", period.legal_basis, period.source),
            uncertain: period.uncertain,
            position: None,
        }
    }
}

/// Whose data are to be erased.
pub(crate) struct RetentionDueList {
    scope: Scope,
    due: Vec<RetentionDue>,
}

/// Whose data are to be erased because their time is over.
#[Object]
impl RetentionDueList {
    /// How many persons.
    async fn count(&self) -> i32 {
        count(self.due.len() as u64)
    }

    /// The first 100 of them, by reference.
    async fn persons(&self) -> Vec<DuePerson> {
        self.due.iter().take(DUE_MAX).map(|due| DuePerson { scope: self.scope, due: *due }).collect()
    }
}

/// Somebody whose data are to be erased.
pub(crate) struct DuePerson {
    scope: Scope,
    due: RetentionDue,
}

/// Somebody whose data are to be erased.
#[Object]
impl DuePerson {
    /// The person.
    async fn customer(&self, context: &Context<'_>) -> Result<Customer> {
        let core = Core::of(context)?;
        let missing = || field_error(ErrorCode::StaleRead, "The customer is not there any more.");
        Customer::load(core, self.scope, self.due.subject).ok_or_else(missing)
    }

    /// As what their data were kept.
    async fn class(&self) -> RetentionClass {
        self.due.class.into()
    }

    /// Their last contact.
    async fn last_contact_at(&self) -> DateTime {
        DateTime(self.due.last_contact)
    }

    /// When the time was over.
    async fn due_at(&self) -> DateTime {
        DateTime(self.due.due_at)
    }
}
