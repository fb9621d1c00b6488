//! Organisations and actors.

use async_graphql::InputObject;
use soticket_schema::command::{ChangeOrganisation, OpenOrganisation, RegisterActor};
use soticket_schema::event::v1::OrganisationParameters;
use soticket_schema::{CommandBody, Rejection, RejectionCode};

use super::{Caller, CommandInput, Scope};
use crate::scalar::CurrencyCode;
use crate::types::enums::{ActorKind, OrganisationMode, Rounding, SerialScope};

/// What an organisation may change about itself.
#[derive(InputObject)]
pub(crate) struct OrganisationParametersInput {
    /// Name as printed.
    name: String,
    /// SIRET number.
    #[graphql(default)]
    siret: String,
    /// VAT number.
    #[graphql(default)]
    vat_number: String,
    /// Licence number of the entrepreneur de spectacles.
    #[graphql(default)]
    licence: String,
    /// IANA time zone, such as "Europe/Paris".
    time_zone: String,
    /// Where VAT is rounded; shows keep the policy that they were scheduled under.
    #[graphql(default_with = "Rounding::Document")]
    rounding: Rounding,
    /// Within what serials have no gaps; shows keep the scope that they were scheduled under.
    #[graphql(default_with = "SerialScope::ShowTariffZone")]
    serial_scope: SerialScope,
    /// When the commercial day ends, in minutes after local midnight.
    #[graphql(default)]
    day_cutoff_minutes: i32,
}

impl OrganisationParametersInput {
    fn parameters(self) -> Result<OrganisationParameters, Rejection> {
        let day_cutoff_minutes = u16::try_from(self.day_cutoff_minutes)
            .map_err(|_| Rejection::new(RejectionCode::QuantityTooLarge, "parameters.day_cutoff_minutes"))?;
        Ok(OrganisationParameters {
            name: self.name,
            siret: self.siret,
            vat_number: self.vat_number,
            licence: self.licence,
            time_zone: self.time_zone,
            rounding: self.rounding.into(),
            serial_scope: self.serial_scope.into(),
            day_cutoff_minutes,
        })
    }
}

/// Input of `organisationOpen`.
#[derive(InputObject)]
pub(crate) struct OrganisationOpenInput {
    #[graphql(flatten)]
    caller: Caller,
    /// What the log may be used for; never changes.
    mode: OrganisationMode,
    /// Currency of every amount; never changes.
    currency: CurrencyCode,
    /// What may change later.
    parameters: OrganisationParametersInput,
}

impl CommandInput for OrganisationOpenInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::OpenOrganisation(OpenOrganisation {
            mode: self.mode.into(),
            currency: self.currency.currency(),
            parameters: self.parameters.parameters()?,
        }))
    }
}

/// Input of `organisationChange`.
#[derive(InputObject)]
pub(crate) struct OrganisationChangeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// All parameters, changed or not.
    parameters: OrganisationParametersInput,
}

impl CommandInput for OrganisationChangeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        let parameters = self.parameters.parameters()?;
        Ok(CommandBody::ChangeOrganisation(ChangeOrganisation { parameters }))
    }
}

/// Input of `actorRegister`.
#[derive(InputObject)]
pub(crate) struct ActorRegisterInput {
    #[graphql(flatten)]
    caller: Caller,
    /// What it is.
    kind: ActorKind,
    /// Label of a device, token or importer; empty for a user.
    #[graphql(default)]
    label: String,
}

impl CommandInput for ActorRegisterInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RegisterActor(RegisterActor { kind: self.kind.into(), label: self.label }))
    }
}
