//! A venue with somebody in every role.

use serde_json::{Value, json};
use soticket_graphql::Role;

use crate::support::venue::{OURS, Venue};
use crate::support::{ADMINISTRATOR, Api, owner};

/// A venue, and a token for every role.
pub(crate) struct House {
    pub(crate) api: Api,
    pub(crate) venue: Venue,
    tokens: Vec<(Role, String)>,
}

/// Gives out a token: its secret.
pub(crate) async fn issue(api: &Api, venue: &Venue, role: &str, channels: Value) -> String {
    let fields = json!({ "label": format!("for {role}"), "role": role, "channels": channels });
    let issued =
        api.record("tokenIssue", venue.input(&format!("token-{role}"), fields), "token { secret }").await;
    issued["token"]["secret"].as_str().unwrap().to_owned()
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::over(Api::ticking()).await
    }

    pub(crate) async fn over(api: Api) -> Self {
        let venue = Venue::open(&api, OURS).await;
        let mut tokens = vec![(Role::Owner, owner(OURS))];
        let channel = async |kind: &str| {
            let fields = json!({ "name": kind, "kind": kind });
            let opened = api.record("channelOpen", venue.input(kind, fields), "channel { id }").await;
            json!([opened["channel"]["id"]])
        };
        let (remote, network) = (channel("REMOTE_BOX_OFFICE").await, channel("NETWORK").await);
        for (role, name, channels) in [
            (Role::BoxOffice, "BOX_OFFICE", json!([venue.desk])),
            (Role::RemoteBoxOffice, "REMOTE_BOX_OFFICE", remote),
            (Role::WebShop, "WEB_SHOP", json!([venue.web])),
            (Role::Network, "NETWORK", network),
            (Role::Accountant, "ACCOUNTANT", json!([])),
            (Role::Auditor, "AUDITOR", json!([])),
            (Role::Dashboard, "DASHBOARD", json!([])),
        ] {
            tokens.push((role, issue(&api, &venue, name, channels).await));
        }
        tokens.push((Role::GateDevice, venue.credential(&api, "credential").await.1));
        tokens.push((Role::CooperativeAdministrator, ADMINISTRATOR.to_owned()));
        Self { api, venue, tokens }
    }

    /// The service, asked in a role.
    pub(crate) fn who(&self, role: Role) -> Api {
        let token = &self.tokens.iter().find(|(known, _)| *known == role).unwrap().1;
        self.api.with_token(token)
    }
}
