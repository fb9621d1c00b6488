//! `soticket code check`: whether a ticket code is signed by an organisation, with nothing but its public key.

use clap::Subcommand;
use serde::Serialize;
use soticket_schema::ids::{CodeKeyId, OrganisationId};
use soticket_schema::ticket_code::{self, PublicKey, SignedCode};

use super::settle::organisation;
use crate::failure::{Exit, Failure};
use crate::output;

/// What to look at.
#[derive(Subcommand, Debug)]
pub enum Arguments {
    /// Check a code's signature; exit 0 if it is the organisation's, 1 if not
    Check {
        /// The organisation's id
        #[arg(long, value_name = "ID", value_parser = organisation)]
        organisation: OrganisationId,
        /// A key's number and its public half, such as 1=0a1b...; may be given several times
        #[arg(long = "key", value_name = "NUMBER=HEX", value_parser = key, required = true)]
        public_keys: Vec<(CodeKeyId, PublicKey)>,
        /// The code as it is read from the ticket
        code: String,
    },
}

fn key(text: &str) -> Result<(CodeKeyId, PublicKey), String> {
    let (number, public) = text.split_once('=').ok_or("write NUMBER=HEX")?;
    let number = number.parse().map_err(|_| "the number is not one of a key")?;
    Ok((CodeKeyId(number), PublicKey::parse(public).ok_or("a public key has 64 hexadecimal digits")?))
}

#[derive(Serialize)]
struct Checked<'a> {
    key: u16,
    show: u64,
    zone: u32,
    house_code: &'a str,
}

impl<'a> From<SignedCode<'a>> for Checked<'a> {
    fn from(code: SignedCode<'a>) -> Self {
        Self { key: code.key.0, show: code.show.0, zone: code.zone.0, house_code: code.house }
    }
}

/// Says what the code says, if it may be believed.
pub(crate) fn run(arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let Arguments::Check { organisation, public_keys, code } = arguments;
    let checked = ticket_code::check(*organisation, public_keys, code)
        .map(Checked::from)
        .map_err(|fault| Failure::new(Exit::Refused, "CODE_INVALID", fault.to_string()))?;
    if json {
        output::json(&checked)?;
    } else {
        let Checked { key, show, zone, house_code } = checked;
        output::text_out(&format!("signed with key {key}: show {show}, zone {zone}, code {house_code}\n"))?;
    }
    Ok(Exit::Done)
}
