//! What gates need of the small venue: rules that let the tests' clock in, signed codes, a device with a token.

use serde_json::{Value, json};

use super::Api;
use super::venue::Venue;

/// Rules under which tickets can be scanned at the time of the tests.
pub(crate) fn open_rules() -> Value {
    json!({ "from": "2026-03-01T00:00:00Z", "until": "2026-03-31T00:00:00Z", "admitUnpaid": true })
}

impl Venue {
    /// Sets the show's rules.
    pub(crate) async fn set_rules(&self, api: &Api, key: &str, rules: Value) {
        let fields = json!({ "show": self.show, "rules": rules });
        let api = &api.as_owner(&self.organisation);
        api.record("entryRulesSet", self.input(key, fields), "rules { reEntry }").await;
    }

    /// Issues a credential: its global id and its token.
    pub(crate) async fn credential(&self, api: &Api, key: &str) -> (String, String) {
        let fields = json!({ "device": self.device, "gate": self.gate });
        let api = &api.as_owner(&self.organisation);
        let payload =
            api.record("deviceCredentialIssue", self.input(key, fields), "credential { id token }").await;
        let text = |field: &str| payload["credential"][field].as_str().unwrap().to_owned();
        (text("id"), text("token"))
    }

    /// Sells tickets at the desk: their codes as they are printed.
    pub(crate) async fn sold_codes(&self, api: &Api, key: &str, count: usize) -> Vec<String> {
        let selection = "order { tickets { codes } } position";
        let api = &api.as_owner(&self.organisation);
        let payload = api.record("orderPlace", self.sale(key, count), selection).await;
        let tickets = payload["order"]["tickets"].as_array().unwrap();
        tickets.iter().map(|ticket| ticket["codes"][0].as_str().unwrap().to_owned()).collect()
    }

    /// Makes a key that codes are signed with: its public half.
    pub(crate) async fn sign(&self, api: &Api) -> String {
        let api = &api.as_owner(&self.organisation);
        let payload = api
            .record("codeKeyRegister", self.input("sign", json!({})), "key { number public trusted }")
            .await;
        assert_eq!((&payload["key"]["number"], &payload["key"]["trusted"]), (&json!("1"), &json!(true)));
        payload["key"]["public"].as_str().unwrap().to_owned()
    }
}
