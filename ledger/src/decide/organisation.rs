//! The organisation and its actors.

use soticket_schema::command::{ChangeOrganisation, OpenOrganisation, RegisterActor};
use soticket_schema::event::v1::{
    ActorKind, ActorRegistered, OrganisationChanged, OrganisationOpened, OrganisationParameters,
};
use soticket_schema::limits::{NAME_BYTES_MAX, REFERENCE_BYTES_MAX};
use soticket_schema::{ActorId, Event, Rejection, RejectionCode};

use super::checks::{Checks, field};
use super::{Context, Decide, When};
use crate::calendar::TIME_ZONES;

const MINUTES_OF_A_DAY: u16 = 24 * 60;

impl Decide for OpenOrganisation {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.ensure(self.currency.is_known(), RejectionCode::CurrencyUnknown, field("currency"));
        check_parameters(&self.parameters, checks);
    }

    /// Actors are registered in the log, so that only the system can begin it.
    fn decide(&self, _context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let opened = OrganisationOpened {
            mode: self.mode,
            currency: self.currency,
            parameters: self.parameters.clone(),
        };
        Ok(vec![opened.into()])
    }
}

impl Decide for ChangeOrganisation {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_parameters(&self.parameters, checks);
    }

    fn decide(&self, _context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        Ok(vec![OrganisationChanged { parameters: self.parameters.clone() }.into()])
    }
}

fn check_parameters(parameters: &OrganisationParameters, checks: &mut Checks) {
    let at = field("parameters");
    checks.text(&parameters.name, NAME_BYTES_MAX, at.field("name"));
    checks.text_or_empty(&parameters.siret, REFERENCE_BYTES_MAX, at.field("siret"));
    checks.text_or_empty(&parameters.vat_number, REFERENCE_BYTES_MAX, at.field("vat_number"));
    checks.text_or_empty(&parameters.licence, REFERENCE_BYTES_MAX, at.field("licence"));
    let zone = &parameters.time_zone;
    checks.ensure(is_time_zone(zone), RejectionCode::TimeZoneUnknown, at.field("time_zone"));
    let within_a_day = parameters.day_cutoff_minutes < MINUTES_OF_A_DAY;
    checks.ensure(within_a_day, RejectionCode::QuantityTooLarge, at.field("day_cutoff_minutes"));
}

/// The database ignores case; documents and exports should not.
fn is_time_zone(name: &str) -> bool {
    name.len() <= REFERENCE_BYTES_MAX && TIME_ZONES.get(name).is_ok_and(|zone| zone.iana_name() == Some(name))
}

impl Decide for RegisterActor {
    fn shape(&self, _when: When, checks: &mut Checks) {
        let at = field("label");
        if self.kind == ActorKind::User {
            // A person's name belongs in the vault.
            checks.ensure(self.label.is_empty(), RejectionCode::TextNotAllowed, at);
        } else {
            checks.text(&self.label, REFERENCE_BYTES_MAX, at);
        }
    }

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let actor = ActorId(context.state.next_actor());
        Ok(vec![ActorRegistered { actor, kind: self.kind, label: self.label.clone() }.into()])
    }
}
