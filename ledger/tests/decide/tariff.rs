//! Tariffs.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, refused};
use crate::venue::*;

fn define(edit: impl FnOnce(&mut TariffTerms)) -> DefineTariff {
    let mut terms = full();
    edit(&mut terms);
    DefineTariff { show: SHOW, terms }
}

fn define_free(edit: impl FnOnce(&mut TariffTerms)) -> DefineTariff {
    let mut terms = guest();
    edit(&mut terms);
    DefineTariff { show: SHOW, terms }
}

fn price(terms: &mut TariffTerms, zone: u32, price: i64) {
    terms.prices = vec![ZonePrice { zone: ZoneId(zone), price: Amount(price) }];
}

#[test]
fn a_tariff_is_defined_and_changed() {
    let event = TariffDefined { show: SHOW, tariff: TariffId(4), terms: full() };
    planned().when(define(|_| ())).then([event.into()]);
    let terms = desk_only();
    let event = TariffChanged { show: SHOW, tariff: FULL, terms: terms.clone() };
    open().when(ChangeTariff { tariff: FULL, terms }).then([event.into()]);
}

#[test]
fn a_late_report_may_need_a_tariff_that_nobody_knew_of() {
    let closed = open().after(CloseShow { show: SHOW });
    assert!(closed.when(define(|_| ())).0.is_ok());
}

pub(crate) fn rejections() -> Vec<Refused> {
    let open = open();
    let closed = open.clone().after(CloseShow { show: SHOW });
    vec![
        refused(&open, define(|terms| terms.name.clear()), TextEmpty, "terms.name"),
        refused(&open, define(|terms| terms.prices.clear()), ListEmpty, "terms.prices"),
        refused(
            &open,
            define(|terms| terms.prices = vec![terms.prices[0]; 101]),
            ListTooLong,
            "terms.prices",
        ),
        refused(
            &open,
            define(|terms| terms.prices = vec![terms.prices[0]; 2]),
            Duplicate,
            "terms.prices.1.zone",
        ),
        refused(&open, define(|terms| price(terms, 1, -1)), AmountNegative, "terms.prices.0.price"),
        refused(
            &open,
            define(|terms| price(terms, 1, 1_000_000_001)),
            AmountTooLarge,
            "terms.prices.0.price",
        ),
        refused(&open, define(|terms| terms.vat = Rate(1_000_001)), RateOutOfRange, "terms.vat"),
        refused(&open, define(|terms| terms.channels = vec![WEB; 1_001]), ListTooLong, "terms.channels"),
        refused(&open, define(|terms| terms.channels = vec![WEB, DESK, WEB]), Duplicate, "terms.channels.2"),
        refused(&open, define_free(|terms| terms.reasons.clear()), ListEmpty, "terms.reasons"),
        refused(
            &open,
            define_free(|terms| terms.reasons = vec![CompReason::Press; 2]),
            Duplicate,
            "terms.reasons.1",
        ),
        refused(
            &open,
            DefineTariff { show: ShowId(9), ..define_free(|terms| price(terms, 9, 1)) },
            ShowUnknown,
            "show",
        ),
        refused(&open, define_free(|terms| price(terms, 9, 1)), ZoneUnknown, "terms.prices.0.zone"),
        refused(
            &open,
            define(|terms| terms.channels = vec![WEB, ChannelId(9)]),
            ChannelUnknown,
            "terms.channels.1",
        ),
        refused(
            &open,
            define(|terms| terms.reasons = vec![CompReason::Press]),
            CompReasonInvalid,
            "terms.reasons",
        ),
        refused(&open, define_free(|terms| price(terms, 1, 1)), PriceMismatch, "terms.prices.0.price"),
        refused(&open, ChangeTariff { tariff: TariffId(9), terms: full() }, TariffUnknown, "tariff"),
        refused(&closed, ChangeTariff { tariff: FULL, terms: full() }, ShowClosed, "tariff"),
        refused(
            &closed,
            ChangeTariff { tariff: FULL, terms: define(|terms| price(terms, 9, 1)).terms },
            ZoneUnknown,
            "terms.prices.0.zone",
        ),
    ]
}
