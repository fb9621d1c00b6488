//! Words of the box-office statement and of the remittance statement.

use soticket_projections::attendance::AnomalyKind;
use soticket_schema::Rounding;
use soticket_schema::event::v1::{CommissionMode, CompReason, FeeKind, Payer};

use crate::language::Term;

crate::terms! {
    /// A word.
    BOX_OFFICE = "box-office-statement": "Bordereau de recettes" / "Box-office statement (bordereau de recettes)";
    /// A word.
    REMITTANCE = "remittance-statement": "Bordereau de reversement" / "Remittance statement (bordereau de reversement)";
    /// A word.
    SHOW = "show": "Spectacle" / "Show";
    /// A word.
    SHOW_NUMBER = "show-number": "Séance" / "Performance (séance)";
    /// A word.
    SHOW_ID = "show-id": "Séance n°" / "Performance no.";
    /// A word.
    STARTS_AT = "starts-at": "Date" / "Date";
    /// A word.
    HALL = "hall": "Salle" / "Hall";
    /// A word.
    AUTHORISED_CAPACITY = "authorised-capacity": "Jauge autorisée" / "Authorised capacity (jauge)";
    /// A word.
    ON_SALE = "on-sale": "Places en vente" / "Places on sale";
    /// A word.
    RECEIPTS = "receipts": "Recettes" / "Receipts";
    /// A word.
    TARIFF = "tariff": "Tarif" / "Tariff";
    /// A word.
    ZONE = "zone": "Catégorie" / "Zone";
    /// A word.
    CHANNEL = "channel": "Canal" / "Channel";
    /// A word.
    SERIALS = "serials": "Numéros" / "Serials";
    /// A word.
    PRICE = "price": "Prix TTC" / "Price (TTC)";
    /// A word.
    ISSUED = "issued": "Émis" / "Issued";
    /// A word.
    CANCELLED = "cancelled": "Annulés" / "Cancelled";
    /// A word.
    NET = "net": "Net" / "Net";
    /// A word.
    GROSS = "gross": "TTC" / "Gross (TTC)";
    /// A word.
    NET_OF_VAT = "net-of-vat": "HT" / "Net (HT)";
    /// A word.
    VAT_RATE = "vat-rate": "Taux" / "Rate";
    /// A word.
    VAT = "vat": "TVA" / "VAT (TVA)";
    /// A word.
    PAID_TOTAL = "paid-total": "Total payant" / "Paid total";
    /// A word.
    ZONES = "zones": "Recettes par catégorie de places" / "Receipts by zone";
    /// A word.
    VAT_BY_RATE = "vat-by-rate": "TVA par taux" / "VAT by rate";
    /// A word.
    TOTAL = "total": "Total" / "Total";
    /// A word.
    FREE = "free": "Billets exonérés" / "Free tickets (exonérés)";
    /// A word.
    FREE_BY_REASON = "free-by-reason": "Exonérés par motif" / "Free tickets by reason";
    /// A word.
    FREE_LINES = "free-lines": "Exonérés par tarif" / "Free tickets by tariff";
    /// A word.
    REASON = "reason": "Motif" / "Reason";
    /// A word.
    FREE_TOTAL = "free-total": "Total exonéré" / "Free total";
    /// A word.
    ENTRIES = "entries": "Entrées" / "Entries";
    /// A word.
    PAID_ENTRIES = "paid-entries": "Entrées payantes" / "Paid entries";
    /// A word.
    FREE_ENTRIES = "free-entries": "Entrées exonérées" / "Free entries";
    /// A word.
    ALL_ENTRIES = "all-entries": "Total des entrées" / "All entries";
    /// A word.
    FILL_RATE = "fill-rate": "Taux de remplissage" / "Fill rate";
    /// A word.
    MEAN_PRICE = "mean-price": "Prix moyen TTC" / "Mean price (TTC)";
    /// A word.
    SCANNED = "scanned": "Billets contrôlés" / "Tickets scanned";
    /// A word.
    NO_SHOW = "no-show": "Absents" / "No-show";
    /// A word.
    ANOMALIES = "anomalies": "Anomalies au contrôle" / "Anomalies at the gates";
    /// A word.
    ANOMALY = "anomaly": "Anomalie" / "Anomaly";
    /// A word.
    TIMES = "times": "Nombre" / "Count";
    /// A word.
    PLACES = "places": "Contingents et invendus" / "Quotas and unsold places";
    /// A word.
    QUOTA = "quota": "Contingent" / "Quota";
    /// A word.
    SOLD = "sold": "Vendus" / "Sold";
    /// A word.
    HELD = "held": "Options" / "Held";
    /// A word.
    LEFT = "left": "Invendus" / "Unsold";
    /// A word.
    POOL = "pool": "Hors contingent" / "No quota (pool)";
    /// A word.
    APART = "apart": "Hors recettes" / "Outside the receipts";
    /// A word.
    FEES = "fees": "Frais en sus" / "Fees on top";
    /// A word.
    FEE = "fee": "Frais TTC" / "Fee (TTC)";
    /// A word.
    TICKETS = "tickets": "Billets" / "Tickets";
    /// A word.
    ITEMS = "items": "Produits et frais de commande" / "Products and order fees";
    /// A word.
    ITEM = "item": "Désignation" / "Item";
    /// A word.
    COMMISSIONS = "commissions": "Commissions" / "Commissions";
    /// A word.
    COMMISSION = "commission": "Commission" / "Commission";
    /// A word.
    BENEFICIARY = "beneficiary": "Bénéficiaire" / "Earned by";
    /// A word.
    MODE = "mode": "Mode" / "Mode";
    /// A word.
    PAYER = "payer": "À charge de" / "Paid by";
    /// A word.
    BASIS = "basis": "Assiette" / "Basis";
    /// A word.
    REVERSED = "reversed": "Rendu" / "Given back";
    /// A word.
    OVER_CAP = "over-cap": "Billets au-delà du plafond de commissions" / "Tickets beyond the cap on commissions";
    /// A word.
    MONEY = "money": "Encaissements" / "Money";
    /// A word.
    METHOD = "method": "Moyen de paiement" / "Way of paying";
    /// A word.
    PAID_IN = "paid": "Encaissé" / "In";
    /// A word.
    RETURNED = "returned": "Remboursé" / "Out";
    /// A word.
    KEPT = "kept": "Solde" / "Net";
    /// A word.
    ROUNDED_DOCUMENT = "rounding-document":
        "Arrondi de la TVA : sur le total du document par taux (document), réparti au plus fort reste."
        / "VAT rounded on the document’s total per rate (document), shared by largest remainder.";
    /// A word.
    ROUNDED_PER_TICKET = "rounding-per-ticket":
        "Arrondi de la TVA : billet par billet (per-ticket)." / "VAT rounded ticket by ticket (per-ticket).";
    /// A word.
    ORGANISER = "organiser": "L’organisateur" / "The organiser";
    /// A word.
    PRODUCER = "producer": "Le producteur" / "The producer";
    /// A word.
    NETWORK = "network": "Le réseau" / "The network";
    /// A word.
    BY_NETWORK = "by-network": "Reversement par réseau" / "Remittance by network";
    /// A word.
    COMMISSION_NET = "commission-net-of-vat": "Commission HT" / "Commission (HT)";
    /// A word.
    COMMISSION_VAT = "commission-vat": "TVA sur commission" / "VAT on commission";
    /// A word.
    TO_REMIT = "to-remit": "À reverser" / "To remit";
    /// A word.
    RULE_SHARE = "rule-share": "{0} de {1}, TVA {2}" / "{0} of {1}, VAT {2}";
    /// A word.
    INSIDE = "inside": "incluse" / "inside";
    /// A word.
    ON_TOP = "on-top": "en sus" / "on top";
    /// A word.
    BUYER = "buyer": "l’acheteur" / "the buyer";
    /// A word.
    ORGANISER_PAYS = "organiser-pays": "l’organisateur" / "the organiser";
    /// A word.
    ARTIST = "artist": "artistes" / "artists";
    /// A word.
    PRODUCTION = "production": "production" / "production";
    /// A word.
    PRESS = "press": "presse" / "press";
    /// A word.
    PROFESSIONAL = "professional": "professionnels" / "professionals";
    /// A word.
    PARTNER = "partner": "partenaires" / "partners";
    /// A word.
    STAFF = "staff": "personnel" / "staff";
    /// A word.
    SCHOOL = "school": "scolaires" / "schools";
    /// A word.
    PRIZE = "prize": "concours" / "prizes";
    /// A word.
    GOODWILL = "goodwill": "geste commercial" / "goodwill";
    /// A word.
    PREPAID = "prepaid": "prépayés" / "prepaid";
    /// A word.
    NO_REASON = "none": "sans motif" / "no reason";
    /// A word.
    SERVICE = "service": "frais de service" / "service fee";
    /// A word.
    SHIPPING = "shipping": "frais d’expédition" / "shipping";
    /// A word.
    PAYMENT_FEE = "payment": "frais de paiement" / "payment fee";
    /// A word.
    CANCELLATION = "cancellation": "frais d’annulation" / "cancellation fee";
    /// A word.
    INSURANCE = "insurance": "assurance" / "insurance";
    /// A word.
    GIFT_CARD = "gift-card": "carte cadeau" / "gift card";
    /// A word.
    OTHER = "other": "autres frais" / "other fees";
    /// A word.
    SECOND_ENTRY = "second-entry": "seconde entrée" / "second entry";
    /// A word.
    EXIT_WITHOUT_ENTRY = "exit-without-entry": "sortie sans entrée" / "exit without entry";
    /// A word.
    CANCELLED_TICKET = "cancelled-ticket": "billet annulé" / "cancelled ticket";
    /// A word.
    UNKNOWN_CODE = "unknown-code": "code inconnu" / "unknown code";
    /// A word.
    REFUSED = "refused": "refus" / "refused";
    /// A word.
    ADMITTED_AFTER_REFUSAL = "admitted-after-refusal": "admis après refus" / "admitted after refusal";
    /// A word.
    WRONG_ZONE = "wrong-zone": "autre zone" / "wrong zone";
    /// A word.
    OUTSIDE_WINDOW = "outside-window": "hors des heures de contrôle" / "outside the hours of entry";
    /// A word.
    ENTERED_AGAIN = "entered-again": "entré à nouveau" / "entered again";
    /// A word.
    ENTERED_TOO_SOON = "entered-too-soon": "entré à nouveau trop tôt" / "entered again too soon";
    /// A word.
    REPLACED_CODE = "replaced-code": "code remplacé" / "replaced code";
}

pub(crate) fn reason(reason: Option<CompReason>) -> Term {
    match reason {
        None => NO_REASON,
        Some(CompReason::Artist) => ARTIST,
        Some(CompReason::Production) => PRODUCTION,
        Some(CompReason::Press) => PRESS,
        Some(CompReason::Professional) => PROFESSIONAL,
        Some(CompReason::Partner) => PARTNER,
        Some(CompReason::Staff) => STAFF,
        Some(CompReason::School) => SCHOOL,
        Some(CompReason::Prize) => PRIZE,
        Some(CompReason::Goodwill) => GOODWILL,
        Some(CompReason::Prepaid) => PREPAID,
    }
}

pub(super) fn fee(kind: FeeKind) -> Term {
    match kind {
        FeeKind::Service => SERVICE,
        FeeKind::Shipping => SHIPPING,
        FeeKind::Payment => PAYMENT_FEE,
        FeeKind::Cancellation => CANCELLATION,
        FeeKind::Insurance => INSURANCE,
        FeeKind::GiftCard => GIFT_CARD,
        FeeKind::Other => OTHER,
    }
}

/// A code of another show is an unknown one: a statement knows its own show only.
pub(super) fn anomaly(kind: AnomalyKind) -> Term {
    match kind {
        AnomalyKind::SecondEntry => SECOND_ENTRY,
        AnomalyKind::ExitWithoutEntry => EXIT_WITHOUT_ENTRY,
        AnomalyKind::CancelledTicket => CANCELLED_TICKET,
        AnomalyKind::UnknownCode | AnomalyKind::WrongShow => UNKNOWN_CODE,
        AnomalyKind::Refused => REFUSED,
        AnomalyKind::AdmittedAfterRefusal => ADMITTED_AFTER_REFUSAL,
        AnomalyKind::WrongZone => WRONG_ZONE,
        AnomalyKind::OutsideWindow => OUTSIDE_WINDOW,
        AnomalyKind::EnteredAgain => ENTERED_AGAIN,
        AnomalyKind::EnteredTooSoon => ENTERED_TOO_SOON,
        AnomalyKind::ReplacedCode => REPLACED_CODE,
    }
}

pub(super) fn mode(mode: CommissionMode) -> Term {
    match mode {
        CommissionMode::Inside => INSIDE,
        CommissionMode::OnTop => ON_TOP,
    }
}

pub(super) fn payer(payer: Payer) -> Term {
    match payer {
        Payer::Buyer => BUYER,
        Payer::Organiser => ORGANISER_PAYS,
    }
}

pub(super) fn rounding(rounding: Rounding) -> Term {
    match rounding {
        Rounding::Document => ROUNDED_DOCUMENT,
        Rounding::PerTicket => ROUNDED_PER_TICKET,
    }
}
