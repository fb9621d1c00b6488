//! Channels and ways of paying.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{CloseChannel, DefineMethod, OpenChannel};
use soticket_schema::event::v1::InsideCommission;
use soticket_schema::{Amount, CommandBody, Rate, Rejection};

use super::{Caller, CommandInput, Scope};
use crate::scalar::Decimal;
use crate::types::enums::{ChannelKind, MethodKind};

/// Input of `channelOpen`.
#[derive(InputObject)]
pub(crate) struct ChannelOpenInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its name.
    name: String,
    /// What kind it is.
    kind: ChannelKind,
    /// Fee on top of each ticket, with VAT; none if absent.
    fee_on_top: Option<Decimal>,
    /// VAT rate of that fee, in percent.
    fee_vat: Option<Decimal>,
    /// Commission inside the price, if any.
    commission: Option<InsideCommissionInput>,
}

/// A commission that a channel keeps inside the face price.
#[derive(InputObject)]
pub(crate) struct InsideCommissionInput {
    /// Share of the face price, in percent.
    rate: Decimal,
    /// VAT rate of the commission, in percent.
    vat: Decimal,
}

impl CommandInput for ChannelOpenInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let fee_on_top = match &self.fee_on_top {
            Some(fee) => scope.amount(fee, || "fee_on_top".into())?,
            None => Amount::ZERO,
        };
        let fee_vat = match &self.fee_vat {
            Some(vat) => scope.rate(vat, || "fee_vat".into())?,
            None => Rate::ZERO,
        };
        let commission = match &self.commission {
            Some(commission) => Some(InsideCommission {
                rate: scope.rate(&commission.rate, || "commission.rate".into())?,
                vat: scope.rate(&commission.vat, || "commission.vat".into())?,
            }),
            None => None,
        };
        let (name, kind) = (self.name, self.kind.into());
        Ok(CommandBody::OpenChannel(OpenChannel { name, kind, fee_on_top, fee_vat, commission }))
    }
}

/// Input of `channelClose`.
#[derive(InputObject)]
pub(crate) struct ChannelCloseInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The channel.
    channel: ID,
}

impl CommandInput for ChannelCloseInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::CloseChannel(CloseChannel { channel: scope.id(&self.channel) }))
    }
}

/// Input of `methodDefine`.
#[derive(InputObject)]
pub(crate) struct MethodDefineInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its name, such as the provider's.
    name: String,
    /// What it is.
    kind: MethodKind,
}

impl CommandInput for MethodDefineInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::DefineMethod(DefineMethod { name: self.name, kind: self.kind.into() }))
    }
}
