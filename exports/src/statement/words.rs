//! Words of the box-office statement and of the remittance statement.

use soticket_projections::attendance::AnomalyKind;
use soticket_schema::Rounding;
use soticket_schema::event::v1::{CommissionMode, CompReason, FeeKind, Payer};

use crate::language::Term;

crate::terms! {
    BOX_OFFICE = "box-office-statement": "Bordereau de recettes" / "Box-office statement (bordereau de recettes)";
    REMITTANCE = "remittance-statement": "Bordereau de reversement" / "Remittance statement (bordereau de reversement)";
    SHOW = "show": "Spectacle" / "Show";
    SHOW_NUMBER = "show-number": "Séance" / "Performance (séance)";
    SHOW_ID = "show-id": "Séance n°" / "Performance no.";
    STARTS_AT = "starts-at": "Date" / "Date";
    HALL = "hall": "Salle" / "Hall";
    AUTHORISED_CAPACITY = "authorised-capacity": "Jauge autorisée" / "Authorised capacity (jauge)";
    ON_SALE = "on-sale": "Places en vente" / "Places on sale";
    RECEIPTS = "receipts": "Recettes" / "Receipts";
    TARIFF = "tariff": "Tarif" / "Tariff";
    ZONE = "zone": "Catégorie" / "Zone";
    CHANNEL = "channel": "Canal" / "Channel";
    SERIALS = "serials": "Numéros" / "Serials";
    PRICE = "price": "Prix TTC" / "Price (TTC)";
    ISSUED = "issued": "Émis" / "Issued";
    CANCELLED = "cancelled": "Annulés" / "Cancelled";
    NET = "net": "Net" / "Net";
    GROSS = "gross": "TTC" / "Gross (TTC)";
    NET_OF_VAT = "net-of-vat": "HT" / "Net (HT)";
    VAT_RATE = "vat-rate": "Taux" / "Rate";
    VAT = "vat": "TVA" / "VAT (TVA)";
    PAID_TOTAL = "paid-total": "Total payant" / "Paid total";
    ZONES = "zones": "Recettes par catégorie de places" / "Receipts by zone";
    VAT_BY_RATE = "vat-by-rate": "TVA par taux" / "VAT by rate";
    TOTAL = "total": "Total" / "Total";
    FREE = "free": "Billets exonérés" / "Free tickets (exonérés)";
    FREE_BY_REASON = "free-by-reason": "Exonérés par motif" / "Free tickets by reason";
    FREE_LINES = "free-lines": "Exonérés par tarif" / "Free tickets by tariff";
    REASON = "reason": "Motif" / "Reason";
    FREE_TOTAL = "free-total": "Total exonéré" / "Free total";
    ENTRIES = "entries": "Entrées" / "Entries";
    PAID_ENTRIES = "paid-entries": "Entrées payantes" / "Paid entries";
    FREE_ENTRIES = "free-entries": "Entrées exonérées" / "Free entries";
    ALL_ENTRIES = "all-entries": "Total des entrées" / "All entries";
    FILL_RATE = "fill-rate": "Taux de remplissage" / "Fill rate";
    MEAN_PRICE = "mean-price": "Prix moyen TTC" / "Mean price (TTC)";
    SCANNED = "scanned": "Billets contrôlés" / "Tickets scanned";
    NO_SHOW = "no-show": "Absents" / "No-show";
    ANOMALIES = "anomalies": "Anomalies au contrôle" / "Anomalies at the gates";
    ANOMALY = "anomaly": "Anomalie" / "Anomaly";
    TIMES = "times": "Nombre" / "Count";
    PLACES = "places": "Contingents et invendus" / "Quotas and unsold places";
    QUOTA = "quota": "Contingent" / "Quota";
    SOLD = "sold": "Vendus" / "Sold";
    HELD = "held": "Options" / "Held";
    LEFT = "left": "Invendus" / "Unsold";
    POOL = "pool": "Hors contingent" / "No quota (pool)";
    APART = "apart": "Hors recettes" / "Outside the receipts";
    FEES = "fees": "Frais en sus" / "Fees on top";
    FEE = "fee": "Frais TTC" / "Fee (TTC)";
    TICKETS = "tickets": "Billets" / "Tickets";
    ITEMS = "items": "Produits et frais de commande" / "Products and order fees";
    ITEM = "item": "Désignation" / "Item";
    COMMISSIONS = "commissions": "Commissions" / "Commissions";
    COMMISSION = "commission": "Commission" / "Commission";
    BENEFICIARY = "beneficiary": "Bénéficiaire" / "Earned by";
    MODE = "mode": "Mode" / "Mode";
    PAYER = "payer": "À charge de" / "Paid by";
    BASIS = "basis": "Assiette" / "Basis";
    REVERSED = "reversed": "Rendu" / "Given back";
    OVER_CAP = "over-cap": "Billets au-delà du plafond de commissions" / "Tickets beyond the cap on commissions";
    MONEY = "money": "Encaissements" / "Money";
    METHOD = "method": "Moyen de paiement" / "Way of paying";
    PAID_IN = "paid": "Encaissé" / "In";
    RETURNED = "returned": "Remboursé" / "Out";
    KEPT = "kept": "Solde" / "Net";
    ROUNDED_DOCUMENT = "rounding-document":
        "Arrondi de la TVA : sur le total du document par taux (document), réparti au plus fort reste."
        / "VAT rounded on the document’s total per rate (document), shared by largest remainder.";
    ROUNDED_PER_TICKET = "rounding-per-ticket":
        "Arrondi de la TVA : billet par billet (per-ticket)." / "VAT rounded ticket by ticket (per-ticket).";
    ORGANISER = "organiser": "L’organisateur" / "The organiser";
    PRODUCER = "producer": "Le producteur" / "The producer";
    NETWORK = "network": "Le réseau" / "The network";
    BY_NETWORK = "by-network": "Reversement par réseau" / "Remittance by network";
    COMMISSION_NET = "commission-net-of-vat": "Commission HT" / "Commission (HT)";
    COMMISSION_VAT = "commission-vat": "TVA sur commission" / "VAT on commission";
    TO_REMIT = "to-remit": "À reverser" / "To remit";
    RULE_SHARE = "rule-share": "{0} de {1}, TVA {2}" / "{0} of {1}, VAT {2}";
    RULES_AND_SHARE = "rules-and-share": "{0} ; autres billets : {1} de {2}, TVA {3}" / "{0}; other tickets: {1} of {2}, VAT {3}";
    INSIDE = "inside": "incluse" / "inside";
    ON_TOP = "on-top": "en sus" / "on top";
    BUYER = "buyer": "l’acheteur" / "the buyer";
    ORGANISER_PAYS = "organiser-pays": "l’organisateur" / "the organiser";
    ARTIST = "artist": "artistes" / "artists";
    PRODUCTION = "production": "production" / "production";
    PRESS = "press": "presse" / "press";
    PROFESSIONAL = "professional": "professionnels" / "professionals";
    PARTNER = "partner": "partenaires" / "partners";
    STAFF = "staff": "personnel" / "staff";
    SCHOOL = "school": "scolaires" / "schools";
    PRIZE = "prize": "concours" / "prizes";
    GOODWILL = "goodwill": "geste commercial" / "goodwill";
    PREPAID = "prepaid": "prépayés" / "prepaid";
    NO_REASON = "none": "sans motif" / "no reason";
    SERVICE = "service": "frais de service" / "service fee";
    SHIPPING = "shipping": "frais d’expédition" / "shipping";
    PAYMENT_FEE = "payment": "frais de paiement" / "payment fee";
    CANCELLATION = "cancellation": "frais d’annulation" / "cancellation fee";
    INSURANCE = "insurance": "assurance" / "insurance";
    GIFT_CARD = "gift-card": "carte cadeau" / "gift card";
    OTHER = "other": "autres frais" / "other fees";
    SECOND_ENTRY = "second-entry": "seconde entrée" / "second entry";
    EXIT_WITHOUT_ENTRY = "exit-without-entry": "sortie sans entrée" / "exit without entry";
    CANCELLED_TICKET = "cancelled-ticket": "billet annulé" / "cancelled ticket";
    UNKNOWN_CODE = "unknown-code": "code inconnu" / "unknown code";
    REFUSED = "refused": "refus" / "refused";
    ADMITTED_AFTER_REFUSAL = "admitted-after-refusal": "admis après refus" / "admitted after refusal";
    WRONG_ZONE = "wrong-zone": "autre zone" / "wrong zone";
    OUTSIDE_WINDOW = "outside-window": "hors des heures de contrôle" / "outside the hours of entry";
    ENTERED_AGAIN = "entered-again": "entré à nouveau" / "entered again";
    ENTERED_TOO_SOON = "entered-too-soon": "entré à nouveau trop tôt" / "entered again too soon";
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
