//! Names of what read models number.

use soticket_projections::OrganisationViews;
use soticket_projections::settlement::CommissionTotal;
use soticket_schema::event::v1::Beneficiary;
use soticket_schema::{ChannelId, MethodId, PartyId, ZoneId};

/// Looks names up. Definitions keep their names for ever, so that the present ones are those of any moment.
pub(super) struct Names<'a>(pub(super) &'a OrganisationViews);

impl Names<'_> {
    pub(super) fn channel(&self, channel: ChannelId) -> String {
        let info = self.0.catalogue.channel(channel);
        info.map_or_else(|| channel.to_string(), |info| info.opened.name.clone())
    }

    pub(super) fn zone(&self, zone: ZoneId) -> String {
        self.0.catalogue.zone(zone).map_or_else(|| zone.to_string(), |zone| zone.name.clone())
    }

    pub(super) fn method(&self, method: MethodId) -> String {
        self.0.catalogue.method(method).map_or_else(|| method.to_string(), |method| method.name.clone())
    }

    pub(super) fn party(&self, party: PartyId) -> String {
        self.0.catalogue.party(party).map_or_else(|| party.to_string(), |party| party.name.clone())
    }

    /// Name of a commission in the version that was charged.
    pub(super) fn commission(&self, row: &CommissionTotal) -> String {
        let rule = self.0.catalogue.commissions().get(row.commission);
        let versions = rule.map(|rule| rule.versions.as_slice()).unwrap_or_default();
        let version = versions.iter().find(|version| version.version == row.version);
        let name = version.map_or_else(|| row.commission.to_string(), |version| version.terms.name.clone());
        if row.version > 1 { format!("{name} (v{})", row.version) } else { name }
    }

    pub(super) fn beneficiary(&self, row: &CommissionTotal) -> String {
        let catalogue = &self.0.catalogue;
        match row.beneficiary {
            Beneficiary::Organisation => {
                catalogue.organisation().map(|info| info.parameters.name.clone()).unwrap_or_default()
            }
            Beneficiary::Channel => self.channel(row.channel),
            Beneficiary::Party(party) => self.party(party),
        }
    }
}
