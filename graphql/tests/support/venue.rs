//! A small venue, opened through the API: one hall, one show, two channels with quotas.

use serde_json::{Value, json};

use super::{Api, input};

pub(crate) const OURS: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const THEIRS: &str = "22222222-2222-4222-8222-222222222222";

/// Global ids of what the venue has.
#[derive(Debug, Clone)]
pub(crate) struct Venue {
    pub(crate) organisation: String,
    pub(crate) hall: String,
    pub(crate) zone: String,
    pub(crate) show: String,
    pub(crate) full: String,
    pub(crate) free: String,
    pub(crate) web: String,
    pub(crate) desk: String,
    pub(crate) card: String,
    pub(crate) cash: String,
    pub(crate) gate: String,
    pub(crate) device: String,
    pub(crate) product: String,
}

fn id(payload: &Value, object: &str) -> String {
    payload[object]["id"].as_str().unwrap_or_else(|| panic!("no {object}: {payload}")).to_owned()
}

impl Venue {
    /// Opens the venue with 100 places, 40 of them for the web and 30 for the desk.
    pub(crate) async fn open(api: &Api, organisation: &str) -> Self {
        let api = &api.as_owner(organisation);
        let made = |name: &'static str, key: &'static str, object: &'static str, fields: Value| async move {
            let payload =
                api.record(name, input(organisation, key, fields), &format!("{object} {{ id }}")).await;
            id(&payload, object)
        };
        let parameters = json!({ "name": "La Grange", "timeZone": "Europe/Paris" });
        let opening = json!({ "mode": "DEMO", "currency": "EUR", "parameters": parameters });
        made("organisationOpen", "open", "organisation", opening).await;
        let zones = json!([{ "name": "Placement libre", "capacity": 100 }]);
        let fields = json!({ "name": "Grande salle", "authorisedCapacity": 100, "zones": zones });
        let payload = api
            .record("hallDefine", input(organisation, "hall", fields), "hall { id zones { id capacity } }")
            .await;
        let hall = id(&payload, "hall");
        let zone = payload["hall"]["zones"][0]["id"].as_str().unwrap().to_owned();
        let show = made("showSchedule", "show", "show", show_fields(&hall, &zone, "S-1")).await;
        let terms = |name: &str, kind: &str, price: &str, reasons: Value| {
            json!({ "show": show, "terms": { "name": name, "kind": kind, "vat": "5.5", "reasons": reasons,
                "prices": [{ "zone": zone, "price": price }] } })
        };
        let full = made("tariffDefine", "full", "tariff", terms("Plein", "FULL", "24.00", json!([]))).await;
        let free = made(
            "tariffDefine",
            "free",
            "tariff",
            terms("Exonéré", "FREE", "0.00", json!(["PRESS", "STAFF"])),
        )
        .await;
        let web = json!({ "name": "Site", "kind": "OWN_SITE", "feeOnTop": "1.80", "feeVat": "20" });
        let web = made("channelOpen", "web", "channel", web).await;
        let desk =
            made("channelOpen", "desk", "channel", json!({ "name": "Guichet", "kind": "BOX_OFFICE" })).await;
        let card = made("methodDefine", "card", "method", json!({ "name": "CB", "kind": "CARD" })).await;
        let cash = made("methodDefine", "cash", "method", json!({ "name": "Espèces", "kind": "CASH" })).await;
        let gate = made("gateDefine", "gate", "gate", json!({ "name": "A" })).await;
        let device =
            made("actorRegister", "device", "actor", json!({ "kind": "DEVICE", "label": "scan-A1" })).await;
        let product = json!({ "name": "Affiche", "kind": "MERCHANDISE" });
        let product = made("productDefine", "product", "product", product).await;
        for (key, channel, count) in [("quota-web", &web, 40), ("quota-desk", &desk, 30)] {
            let fields =
                json!({ "show": show, "zone": zone, "channel": channel, "places": { "count": count } });
            api.record("quotaAllocate", input(organisation, key, fields), "").await;
        }
        made("showOpen", "show-open", "show", json!({ "show": show })).await;
        let organisation = organisation.to_owned();
        Self { organisation, hall, zone, show, full, free, web, desk, card, cash, gate, device, product }
    }

    /// An input of this venue.
    pub(crate) fn input(&self, key: &str, fields: Value) -> Value {
        input(&self.organisation, key, fields)
    }

    /// Full-price tickets.
    pub(crate) fn tickets(&self, count: usize) -> Value {
        let ticket = json!({ "show": self.show, "zone": self.zone, "tariff": self.full });
        Value::from(vec![ticket; count])
    }

    /// Input of a paid sale at the desk.
    pub(crate) fn sale(&self, key: &str, count: usize) -> Value {
        let amount = format!("{}.00", 24 * count);
        self.input(
            key,
            json!({ "channel": self.desk, "tickets": self.tickets(count),
                "payment": [{ "method": self.card, "amount": amount }] }),
        )
    }

    /// Sells at the desk: the order with its tickets.
    pub(crate) async fn sell(&self, api: &Api, key: &str, count: usize) -> Value {
        let selection = "order { id number state tickets { id number serial } }";
        let api = api.as_owner(&self.organisation);
        api.record("orderPlace", self.sale(key, count), selection).await["order"].clone()
    }
}

/// Fields of `showSchedule`.
pub(crate) fn show_fields(hall: &str, zone: &str, reference: &str) -> Value {
    json!({
        "reference": reference, "title": "Concert", "hall": hall, "zones": [{ "zone": zone, "onSale": 100 }],
        "startsAt": "2026-03-14T20:30:00+01:00", "doorsAt": "2026-03-14T19:30:00+01:00",
        "saleFrom": "2026-03-01T10:00:00+01:00", "saleUntil": "2026-03-14T20:30:00+01:00",
        "territory": "FR-metropole",
    })
}
