//! The words that a dossier uses, and what they are to the ledger.

use soticket_schema::Rounding;
use soticket_schema::event::v1::{
    CancelReason, ChannelKind, CompReason, Direction, MethodKind, Mode, SerialScope, TariffKind,
};

/// What a log may be used for.
pub(crate) const MODES: &[(&str, Mode)] =
    &[("live", Mode::Live), ("training", Mode::Training), ("demo", Mode::Demo)];

/// Where VAT is rounded.
pub(crate) const ROUNDINGS: &[(&str, Rounding)] =
    &[("document", Rounding::Document), ("per-ticket", Rounding::PerTicket)];

/// Within what serials have no gaps.
pub(crate) const SERIAL_SCOPES: &[(&str, SerialScope)] = &[
    ("organisation", SerialScope::Organisation),
    ("show", SerialScope::Show),
    ("show-tariff-zone", SerialScope::ShowTariffZone),
];

/// Whether a zone's seats are numbered.
pub(crate) const SEATINGS: &[(&str, bool)] = &[("free", false), ("numbered", true)];

/// Kinds of tariffs.
pub(crate) const TARIFF_KINDS: &[(&str, TariffKind)] = &[
    ("full", TariffKind::Full),
    ("reduced", TariffKind::Reduced),
    ("subscriber", TariffKind::Subscriber),
    ("pack", TariffKind::Pack),
    ("free", TariffKind::Free),
];

/// Kinds of channels.
pub(crate) const CHANNEL_KINDS: &[(&str, ChannelKind)] = &[
    ("own-site", ChannelKind::OwnSite),
    ("box-office", ChannelKind::BoxOffice),
    ("remote-box-office", ChannelKind::RemoteBoxOffice),
    ("network", ChannelKind::Network),
];

/// Reasons of free tickets, as French box offices write them and in English.
pub(crate) const COMP_REASONS: &[(&str, CompReason)] = &[
    ("artiste", CompReason::Artist),
    ("production", CompReason::Production),
    ("presse", CompReason::Press),
    ("professionnel", CompReason::Professional),
    ("partenaire", CompReason::Partner),
    ("personnel", CompReason::Staff),
    ("scolaire", CompReason::School),
    ("concours", CompReason::Prize),
    ("geste-commercial", CompReason::Goodwill),
    ("prepaye", CompReason::Prepaid),
    ("artist", CompReason::Artist),
    ("press", CompReason::Press),
    ("professional", CompReason::Professional),
    ("partner", CompReason::Partner),
    ("staff", CompReason::Staff),
    ("school", CompReason::School),
    ("prize", CompReason::Prize),
    ("goodwill", CompReason::Goodwill),
    ("prepaid", CompReason::Prepaid),
];

/// Ways of paying. What a dossier names otherwise is kept under its own name.
pub(crate) const METHODS: &[(&str, MethodKind)] = &[
    ("carte", MethodKind::Card),
    ("especes", MethodKind::Cash),
    ("cheque", MethodKind::Cheque),
    ("virement", MethodKind::Transfer),
    ("prelevement", MethodKind::DirectDebit),
    ("carte-cadeau", MethodKind::GiftCard),
    ("bon", MethodKind::Voucher),
    ("reseau", MethodKind::Network),
    ("pass", MethodKind::Pack),
    ("card", MethodKind::Card),
    ("cash", MethodKind::Cash),
    ("transfer", MethodKind::Transfer),
    ("gift-card", MethodKind::GiftCard),
    ("voucher", MethodKind::Voucher),
    ("network", MethodKind::Network),
];

/// Which way through a gate.
pub(crate) const DIRECTIONS: &[(&str, Direction)] = &[
    ("entry", Direction::Entry),
    ("exit", Direction::Exit),
    ("entree", Direction::Entry),
    ("sortie", Direction::Exit),
];

/// Yes and no.
pub(crate) const YES_NO: &[(&str, bool)] =
    &[("yes", true), ("no", false), ("oui", true), ("non", false), ("true", true), ("false", false)];

/// Why a ticket was cancelled, by a word that the reason holds; the first that fits.
const CANCEL_REASONS: &[(&str, CancelReason)] = &[
    ("client", CancelReason::Customer),
    ("customer", CancelReason::Customer),
    ("change", CancelReason::Exchange),
    ("erreur", CancelReason::Mistake),
    ("mistake", CancelReason::Mistake),
    ("impay", CancelReason::Unpaid),
    ("unpaid", CancelReason::Unpaid),
    ("annulation du spectacle", CancelReason::ShowCancelled),
    ("report", CancelReason::ShowCancelled),
    ("show cancelled", CancelReason::ShowCancelled),
];

/// The reason that a free text names.
pub(crate) fn cancel_reason(text: &str) -> CancelReason {
    let text = text.to_lowercase();
    CANCEL_REASONS
        .iter()
        .find(|(word, _)| text.contains(word))
        .map_or(CancelReason::Reported, |(_, why)| *why)
}

/// What kind of way of paying a name is.
pub(crate) fn method_kind(name: &str) -> MethodKind {
    METHODS.iter().find(|(word, _)| *word == name).map_or(MethodKind::Other, |(_, kind)| *kind)
}
