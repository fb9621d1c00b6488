//! Words of lists.

use soticket_projections::orders::OrderState;
use soticket_schema::event::v1::ReportSource;

use crate::language::Term;

crate::terms! {
    /// Title of the list of orders.
    ORDERS = "orders": "Commandes" / "Orders";
    /// Title of the list of tickets.
    TICKETS = "tickets": "Billets" / "Tickets";
    /// Title of the list of customers.
    CUSTOMERS = "customers": "Clients" / "Customers";
    /// Random reference of a person.
    CUSTOMER = "customer": "Référence" / "Reference";
    /// E-mail.
    EMAIL = "email": "Courriel" / "E-mail";
    /// Name.
    NAME = "name": "Nom" / "Name";
    /// Telephone.
    TELEPHONE = "telephone": "Téléphone" / "Telephone";
    /// Language.
    LANGUAGE = "language": "Langue" / "Language";
    /// Postal code.
    POSTAL_CODE = "postal-code": "Code postal" / "Postal code";
    /// Country.
    COUNTRY = "country": "Pays" / "Country";
    /// Number of orders.
    ORDER_COUNT = "order-count": "Commandes" / "Orders";
    /// Number of valid tickets.
    TICKET_COUNT = "ticket-count": "Billets" / "Tickets";
    /// What was paid less what went back.
    SPEND = "spend": "Dépense nette" / "Net spend";
    /// When they last bought.
    LAST_PURCHASE = "last-purchase": "Dernier achat" / "Last purchase";
    /// When they agreed to the purpose.
    CONSENT_AT = "consent-at": "Consentement du" / "Consent of";
    /// Version of the wording that they agreed to.
    WORDING = "wording": "Version du texte" / "Wording version";
    /// Number of an order.
    ORDER = "order": "Commande" / "Order";
    /// Number of a ticket.
    TICKET = "ticket": "Billet" / "Ticket";
    /// When an order was sold.
    SOLD_AT = "sold-at": "Vendu le" / "Sold at";
    /// Position of the event that began an order.
    POSITION = "position": "Position" / "Position";
    /// Where it was sold.
    CHANNEL = "channel": "Canal" / "Channel";
    /// Till or point of sale.
    SELLER = "seller": "Point de vente" / "Point of sale";
    /// Live, or where the report came from.
    SOURCE = "source": "Origine" / "Source";
    /// References of shows.
    SHOWS = "shows": "Séances" / "Performances";
    /// Reference of a show.
    SHOW = "show": "Séance" / "Performance";
    /// Tickets of an order.
    ISSUED = "issued": "Émis" / "Issued";
    /// Tickets of an order that are valid.
    VALID = "valid": "Valides" / "Valid";
    /// Products and fees of an order that are not cancelled.
    ITEMS = "items": "Produits et frais" / "Products and fees";
    /// What an order comes to.
    TOTAL = "total": "Total TTC" / "Total (TTC)";
    /// What came in.
    PAID = "paid": "Encaissé" / "Paid";
    /// What went back.
    RETURNED = "returned": "Remboursé" / "Returned";
    /// What is left to pay, or to return below zero.
    OPEN = "open": "Reste dû" / "Open";
    /// State of an order or ticket.
    STATE = "state": "État" / "State";
    /// Code of the currency.
    CURRENCY = "currency": "Devise" / "Currency";
    /// Zone of a ticket.
    ZONE = "zone": "Catégorie" / "Zone";
    /// Label of a numbered seat.
    SEAT = "seat": "Place" / "Seat";
    /// Tariff of a ticket.
    TARIFF = "tariff": "Tarif" / "Tariff";
    /// Serial number of a ticket.
    SERIAL = "serial": "N° de série" / "Serial";
    /// Face price.
    PRICE = "price": "Prix TTC" / "Price (TTC)";
    /// VAT rate of the face price.
    VAT_RATE = "vat-rate": "Taux de TVA" / "VAT rate";
    /// Fee on top.
    FEE = "fee": "Frais TTC" / "Fee (TTC)";
    /// Why a ticket is free.
    REASON = "reason": "Motif d’exonération" / "Reason (free)";
    /// Sold live.
    LIVE = "live": "vente directe" / "live sale";
    /// Reported by a network.
    NETWORK = "network": "réseau" / "network";
    /// Imported.
    IMPORT = "import": "import" / "import";
    /// State of an order.
    UNPAID = "unpaid": "à payer" / "unpaid";
    /// State of an order.
    SETTLED = "paid-in-full": "payée" / "paid";
    /// State of an order.
    OVERPAID = "overpaid": "trop-perçu" / "overpaid";
    /// State of an order or ticket.
    CANCELLED = "cancelled": "annulé" / "cancelled";
    /// State of a ticket.
    IS_VALID = "is-valid": "valide" / "valid";
}

pub(super) fn source(source: Option<ReportSource>) -> Term {
    match source {
        None => LIVE,
        Some(ReportSource::Network) => NETWORK,
        Some(ReportSource::Import) => IMPORT,
    }
}

pub(super) fn state(state: OrderState) -> Term {
    match state {
        OrderState::Unpaid => UNPAID,
        OrderState::Paid => SETTLED,
        OrderState::Overpaid => OVERPAID,
        OrderState::Cancelled => CANCELLED,
    }
}
