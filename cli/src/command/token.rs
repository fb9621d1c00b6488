//! `soticket token`: gives out, lists and ends tokens on a data folder that no service has open; the first one of an
//! organisation comes from here, or from an administrator of the cooperative.

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use soticket_graphql::{keep_password, token_text};
use soticket_schema::command::{IssueToken, RevokeToken};
use soticket_schema::event::v1::{TokenIssued, TokenProof, TokenRole};
use soticket_schema::ids::{ActorId, ChannelId, OrganisationId, TokenId};
use soticket_schema::{CommandBody, Event, Timestamp};

use super::export_accounts::only;
use super::import::instant;
use super::settle::organisation;
use super::submit::submit;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output;

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Arguments {
    /// Give out a token and print it: it is told once
    Issue(Issue),
    /// List the tokens, ended ones included
    List {
        /// Organisation, if there are several
        #[arg(long, value_name = "ID", value_parser = organisation)]
        organisation: Option<OrganisationId>,
    },
    /// End a token
    Revoke {
        /// Its number
        token: u32,
        /// Organisation, if there are several
        #[arg(long, value_name = "ID", value_parser = organisation)]
        organisation: Option<OrganisationId>,
    },
}

/// Which token.
#[derive(Args, Debug)]
pub struct Issue {
    /// What it is good for
    #[arg(long, value_enum)]
    pub role: Role,
    /// What it is for; nothing about people
    #[arg(long)]
    pub label: String,
    /// Organisation, if there are several
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// Number of an actor that is to act by it [default: a new one]
    #[arg(long)]
    pub holder: Option<u32>,
    /// Number of a channel that a new actor sells on, for roles that sell; may be given several times
    #[arg(long = "channel", value_name = "NUMBER")]
    pub channels: Vec<u32>,
    /// Make it a login: a person signs in with this name and a password, which is made and printed once
    #[arg(long, value_name = "NAME")]
    pub login: Option<String>,
    /// When it ends by itself, such as 2027-01-31T12:00:00Z [default: never]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub expires: Option<Timestamp>,
}

/// A role as the command line names it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Role {
    Owner,
    BoxOffice,
    RemoteBoxOffice,
    WebShop,
    Network,
    Accountant,
    Auditor,
    Dashboard,
}

impl From<Role> for TokenRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::BoxOffice => Self::BoxOffice,
            Role::RemoteBoxOffice => Self::RemoteBoxOffice,
            Role::WebShop => Self::WebShop,
            Role::Network => Self::Network,
            Role::Accountant => Self::Accountant,
            Role::Auditor => Self::Auditor,
            Role::Dashboard => Self::Dashboard,
        }
    }
}

/// A token that was given out, for programs.
#[derive(Serialize)]
struct Told {
    organisation: String,
    token: u32,
    holder: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<String>,
    /// The secret, or the password of a login.
    secret: String,
}

/// A token of the list.
#[derive(Serialize)]
struct Listed {
    token: u32,
    holder: u32,
    role: TokenRole,
    label: String,
    issued_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<String>,
}

/// Does it.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let done = match arguments {
        Arguments::Issue(arguments) => issue(config, &opened, arguments, json),
        Arguments::List { organisation } => list(&opened, *organisation, json),
        Arguments::Revoke { token, organisation } => revoke(&opened, *organisation, *token, json),
    };
    opened.close();
    done.map(|()| Exit::Done)
}

/// 120 random bits as 20 characters that can be typed.
fn first_password(random: &[u8; 32]) -> String {
    // The characters of a token after its prefix are six random bits each.
    token_text(random).chars().rev().skip(1).take(20).collect()
}

fn issue(config: &Config, opened: &Opened, arguments: &Issue, json: bool) -> Result<(), Failure> {
    let organisation = only(opened, arguments.organisation)?;
    let (secret, hash) = opened.ledger.token_secret();
    let (proof, hash) = match &arguments.login {
        Some(name) => (TokenProof::Password, opened.ledger.login_name(organisation, name)),
        None => (TokenProof::Secret, hash),
    };
    let body = CommandBody::IssueToken(IssueToken {
        label: arguments.label.clone(),
        role: arguments.role.into(),
        holder: arguments.holder.map(ActorId),
        channels: arguments.channels.iter().copied().map(ChannelId).collect(),
        expires_at: arguments.expires,
        first: false,
        proof,
        hash,
    });
    let receipt = submit(&opened.ledger, organisation, "token issue", body)?;
    let issued = receipt.entries().iter().find_map(|entry| match &entry.event {
        Event::TokenIssued(issued) => Some(issued),
        _ => None,
    });
    let TokenIssued { token, holder, .. } =
        issued.ok_or_else(|| Failure::unexpected("no token was recorded"))?;
    let secret = match proof {
        TokenProof::Secret => token_text(&secret),
        TokenProof::Password => {
            let password = first_password(&secret);
            keep_password(config.data()?, organisation, *token, &password).map_err(|error| {
                let message =
                    format!("the password could not be kept: {error}: end token {} and ask again", token.0);
                Failure::new(Exit::Data, "PASSWORD_NOT_KEPT", message)
            })?;
            password
        }
    };
    let told = Told {
        organisation: organisation.to_string(),
        token: token.0,
        holder: holder.0,
        login: arguments.login.clone(),
        secret,
    };
    if json {
        return output::json(&told);
    }
    let Told { organisation, token, holder, login, secret } = told;
    if let Some(name) = login {
        return output::text_out(&format!(
            "{secret}\nThe password that {name} signs in to organisation {organisation} with: token {token}, held by actor \
             {holder}. It is told this once, and is to be changed at the first sign-in.\n"
        ));
    }
    output::text_out(&format!(
        "{secret}\nToken {token} of organisation {organisation}, held by actor {holder}. Send it as Authorization: Bearer. \
         It is told this once.\n"
    ))
}

fn list(opened: &Opened, organisation: Option<OrganisationId>, json: bool) -> Result<(), Failure> {
    let organisation = only(opened, organisation)?;
    let tokens = opened.view(organisation, |views| {
        let listed = views.catalogue.access().tokens().map(|known| Listed {
            token: known.issued.token.0,
            holder: known.issued.holder.0,
            role: known.issued.role,
            label: known.issued.label.clone(),
            issued_at: known.issued_at.to_string(),
            expires_at: known.issued.expires_at.map(|at| at.to_string()),
            revoked_at: known.revoked_at.map(|at| at.to_string()),
        });
        listed.collect::<Vec<_>>()
    })?;
    if json {
        return output::json(&tokens);
    }
    let line = |token: &Listed| {
        let Listed { token, holder, role, label, issued_at, expires_at, revoked_at } = token;
        let ends = expires_at.as_deref().map_or_else(String::new, |at| format!(", ends {at}"));
        let ended = revoked_at.as_deref().map_or_else(String::new, |at| format!(", revoked {at}"));
        format!("{token}: {label}, {role:?}, actor {holder}, given out {issued_at}{ends}{ended}\n")
    };
    output::text_out(&tokens.iter().map(line).collect::<String>())
}

fn revoke(
    opened: &Opened,
    organisation: Option<OrganisationId>,
    token: u32,
    json: bool,
) -> Result<(), Failure> {
    let organisation = only(opened, organisation)?;
    let body = CommandBody::RevokeToken(RevokeToken { token: TokenId(token) });
    submit(&opened.ledger, organisation, "token revoke", body)?;
    if json {
        return output::json(&serde_json::json!({ "token": token, "revoked": true }));
    }
    output::text_out(&format!("Token {token} is worth nothing any more.\n"))
}
