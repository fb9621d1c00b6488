//! Who works for the season, what they earn, what payments cost, and what limits free tickets and entries.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::venue::{BOX_OFFICE, CARD, GATES, NETWORKS, SITE, SITE_SERVICE, TOURIST_OFFICE};

/// Devices at the gates: one is online, one uploads what it has seen.
pub(super) const ONLINE: ActorId = ActorId(1);
pub(super) const OFFLINE: ActorId = ActorId(2);
const WEB_SHOP: ActorId = ActorId(3);
/// Keeps the till of the box office.
pub(super) const CASHIER: ActorId = ActorId(4);
/// Keeps the till of the tourist office.
pub(super) const CLERK: ActorId = ActorId(5);
const NETWORK: ActorId = ActorId(6);

/// Who sells on a channel.
pub(super) fn seller(channel: ChannelId) -> ActorId {
    match channel {
        SITE => WEB_SHOP,
        BOX_OFFICE => CASHIER,
        TOURIST_OFFICE => CLERK,
        _ => NETWORK,
    }
}

/// Actors with their roles, and the party that commissions go to.
pub(super) fn people() -> Vec<CommandBody> {
    let actor = |kind, label: &str| CommandBody::RegisterActor(RegisterActor { kind, label: label.into() });
    let role = |assigned, role, channels| CommandBody::AssignActor(AssignActor { assigned, role, channels });
    let networks = NETWORKS.iter().map(|(channel, _)| *channel).collect();
    vec![
        actor(ActorKind::Device, "scan"),
        actor(ActorKind::Device, "scan hors ligne"),
        actor(ActorKind::Token, "boutique"),
        actor(ActorKind::User, ""),
        actor(ActorKind::User, ""),
        actor(ActorKind::Token, "réseaux"),
        role(WEB_SHOP, SellerRole::WebShop, vec![SITE]),
        role(CASHIER, SellerRole::BoxOffice, vec![BOX_OFFICE]),
        role(CLERK, SellerRole::RemoteBoxOffice, vec![TOURIST_OFFICE]),
        role(NETWORK, SellerRole::Network, networks),
        CommandBody::RegisterParty(RegisterParty {
            name: "Prestataire de billetterie".into(),
            siret: String::new(),
            vat_number: String::new(),
        }),
    ]
}

/// On top for the buyers of the site and of the networks; inside for the tourist office and the networks; invoiced to
/// the house for the service that runs the site.
pub(super) fn commissions() -> Vec<CommandBody> {
    let [(fnac, fnac_fee), (ticketmaster, ticketmaster_fee)] = NETWORKS;
    let on_top = |name: &str, channel, fixed, on_refund| CommissionTerms {
        mode: CommissionMode::OnTop,
        payer: Payer::Buyer,
        basis: CommissionBasis::PerTicket,
        fixed,
        on_refund,
        ..inside(name, channel, 0)
    };
    let terms = [
        CommissionTerms {
            beneficiary: Beneficiary::Organisation,
            ..on_top("Frais de service du site", SITE, SITE_SERVICE, OnRefund::Kept)
        },
        CommissionTerms {
            mode: CommissionMode::OnTop,
            beneficiary: Beneficiary::Party(PartyId(1)),
            basis: CommissionBasis::PerOrder,
            fixed: Amount(15),
            on_refund: OnRefund::Kept,
            ..inside("Prestataire, par commande", SITE, 0)
        },
        CommissionTerms {
            minimum: Some(Amount(40)),
            maximum: Some(Amount(200)),
            ..inside("Office de tourisme", TOURIST_OFFICE, 50_000)
        },
        on_top("Fnac, frais de location", fnac, fnac_fee, OnRefund::Kept),
        CommissionTerms {
            level: 2,
            basis: CommissionBasis::FaceWithoutVat,
            tiers: vec![CommissionTier { from: Amount(2_500), rate: Rate(30_000), fixed: Amount(10) }],
            ..inside("Fnac, commission", fnac, 40_000)
        },
        CommissionTerms {
            maximum: Some(ticketmaster_fee),
            basis: CommissionBasis::Face,
            rate: Rate(120_000),
            fixed: Amount::ZERO,
            ..on_top("Ticketmaster, frais de location", ticketmaster, Amount::ZERO, OnRefund::Reversed)
        },
        CommissionTerms {
            level: 2,
            basis: CommissionBasis::Residual,
            ..inside("Ticketmaster, commission", ticketmaster, 60_000)
        },
    ];
    let define = |terms| {
        CommandBody::DefineCommission(DefineCommission { terms, valid_from: None, valid_until: None })
    };
    terms.into_iter().map(define).collect()
}

/// A share of the face price, kept back by the channel.
fn inside(name: &str, channel: ChannelId, rate: i64) -> CommissionTerms {
    CommissionTerms {
        name: name.into(),
        beneficiary: Beneficiary::Channel,
        payer: Payer::Organiser,
        mode: CommissionMode::Inside,
        basis: CommissionBasis::Face,
        rate: Rate(rate),
        fixed: Amount::ZERO,
        minimum: None,
        maximum: None,
        tiers: Vec::new(),
        level: 1,
        vat: Rate(200_000),
        channels: vec![channel],
        sellers: Vec::new(),
        tariffs: Vec::new(),
        kinds: Vec::new(),
        on_refund: OnRefund::Reversed,
        on_free: OnFree::Exempt,
    }
}

/// What card payments cost: the access, the year, and each one above a hundred a month.
pub(super) fn provider_plan() -> CommandBody {
    let terms = ProviderPlanTerms {
        name: "Paiement en ligne".into(),
        source: "Tarif public, 2016".into(),
        methods: vec![CARD],
        access_fee: Amount(29_000),
        yearly_fee: Amount(30_000),
        included: 100,
        per_transaction: UnitPrice(85_000),
        rate: Rate::ZERO,
        per_payment: UnitPrice::ZERO,
        vat: Rate(200_000),
    };
    CommandBody::DefineProviderPlan(DefineProviderPlan { terms, valid_from: None, valid_until: None })
}

/// Quotas of free tickets by reason, and when a society that collects royalties is to be asked.
pub(super) fn comp_limits(show: ShowId) -> CommandBody {
    let quota = |reason, tickets| CompQuota { reason, tickets };
    let warning = |basis, rate| CompWarning { name: "Sacem".into(), basis, rate: Rate(rate) };
    let limits = CompLimits {
        quotas: vec![quota(CompReason::Press, 30), quota(CompReason::Artist, 40)],
        warnings: vec![warning(CompBasis::Capacity, 20_000), warning(CompBasis::Sold, 50_000)],
    };
    CommandBody::SetCompLimits(SetCompLimits { show, limits })
}

/// From ninety minutes before the doors, again after an exit; the last gate is for who stands.
pub(super) fn gates() -> Vec<CommandBody> {
    let rules = EntryRules {
        lead_minutes: 90,
        tail_minutes: 300,
        from: None,
        until: None,
        re_entry: ReEntry::AfterExit,
        passback_seconds: 60,
        admit_unpaid: false,
    };
    let zones =
        SetGateZones { gate: GateId(GATES), show: None, zones: vec![ZoneId(1), ZoneId(3), ZoneId(4)] };
    vec![CommandBody::SetEntryRules(SetEntryRules { show: None, rules }), CommandBody::SetGateZones(zones)]
}
