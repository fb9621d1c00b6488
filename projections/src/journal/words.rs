//! Texts of entries: in French, as those who keep French books read them.

use soticket_schema::event::v1::Book;

use super::book::Group;
use super::view::EntryKind;

impl Group {
    pub(super) fn kind(self) -> EntryKind {
        match self {
            Self::Tickets => EntryKind::Sales,
            Self::TicketsBack => EntryKind::Refunds,
            Self::Fees => EntryKind::Fees,
            Self::FeesBack => EntryKind::FeeRefunds,
            Self::Products => EntryKind::Products,
            Self::ProductsBack => EntryKind::ProductRefunds,
            Self::StoredValues => EntryKind::StoredValues,
            Self::CardsExpired => EntryKind::CardsExpired,
            Self::Till => EntryKind::Till,
            Self::Remittance(channel) => EntryKind::Remittance(channel),
        }
    }
}

impl EntryKind {
    /// The book that it is in.
    pub(super) fn book(self) -> Book {
        match self {
            Self::Sales
            | Self::Refunds
            | Self::Fees
            | Self::FeeRefunds
            | Self::Products
            | Self::ProductRefunds => Book::Sales,
            Self::Till => Book::Cash,
            Self::Remittance(_) | Self::PaymentCosts(..) => Book::Bank,
            Self::Commissions(..) | Self::Royalties(..) | Self::Costs(..) | Self::Share(..) => {
                Book::Purchases
            }
            Self::StoredValues | Self::CardsExpired | Self::Performance | Self::Levy(..) => Book::General,
        }
    }

    /// Last part of an entry's reference.
    pub(super) fn tag(self) -> String {
        let party = |party: Option<soticket_schema::PartyId>| {
            party.map_or_else(String::new, |party| format!("-P{party}"))
        };
        match self {
            Self::Sales => "VTE".into(),
            Self::Refunds => "REM".into(),
            Self::Fees => "FRA".into(),
            Self::FeeRefunds => "FRR".into(),
            Self::Products => "PRO".into(),
            Self::ProductRefunds => "PRR".into(),
            Self::StoredValues => "CAD".into(),
            Self::CardsExpired => "ABO".into(),
            Self::Till => "CAI".into(),
            Self::Remittance(channel) => format!("VER-C{channel}"),
            Self::Performance => "SPE".into(),
            Self::Commissions(settlement, version) => format!("DEC{settlement}.{version}-COM"),
            Self::Royalties(settlement, version, of) => format!("DEC{settlement}.{version}-DRO{}", party(of)),
            Self::Levy(settlement, version, of) => format!("DEC{settlement}.{version}-TAX{}", party(of)),
            Self::Costs(settlement, version, of) => format!("DEC{settlement}.{version}-FRA{}", party(of)),
            Self::Share(settlement, version, of) => format!("DEC{settlement}.{version}-PAR{}", party(of)),
            Self::PaymentCosts(settlement, version) => format!("DEC{settlement}.{version}-ENC"),
        }
    }

    /// What it is about.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Sales => "Ventes de billets",
            Self::Refunds => "Annulations et remboursements de billets",
            Self::Fees => "Frais de location et de gestion",
            Self::FeeRefunds => "Frais remboursés",
            Self::Products => "Produits, cartes et cartes cadeaux",
            Self::ProductRefunds => "Produits repris",
            Self::StoredValues => "Cartes cadeaux et contremarques utilisées ou périmées",
            Self::CardsExpired => "Cartes d'abonnés échues",
            Self::Till => "Mouvements et différences de caisse",
            Self::Remittance(_) => "Versement du distributeur",
            Self::Performance => "Recettes acquises à la représentation",
            Self::Commissions(..) => "Commissions de distribution",
            Self::Royalties(..) => "Droits d'auteur et contributions",
            Self::Levy(..) => "Taxe sur les spectacles",
            Self::Costs(..) => "Frais de la séance",
            Self::Share(..) => "Part du producteur ou du partenaire",
            Self::PaymentCosts(..) => "Coût des encaissements",
        }
    }
}
