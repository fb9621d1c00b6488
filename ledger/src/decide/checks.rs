//! Checks on commands. They can be made in any order: of all that fail, the first code in the list of
//! [`RejectionCode`] is told and, within one code, the first field in the order of the command.

use std::fmt;

use soticket_schema::command::Person;
use soticket_schema::event::v1::Leg;
use soticket_schema::limits::{AMOUNT_MAX, PAYMENT_LEGS_MAX, PERSONAL_BYTES_MAX, TARIFF_CHANNELS_MAX};
use soticket_schema::{Amount, ChannelId, Rate, Rejection, RejectionCode, Timestamp};

use crate::state::State;

/// A field of a command, such as `tickets.2.price`; written out only when a check fails.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    /// The whole command.
    Command,
    Field(&'a Path<'a>, &'static str),
    Item(&'a Path<'a>, usize),
}

/// A field of the command itself.
pub(super) fn field(name: &'static str) -> Path<'static> {
    Path::Field(&Path::Command, name)
}

impl<'a> Path<'a> {
    pub(super) fn field(&'a self, name: &'static str) -> Self {
        Self::Field(self, name)
    }

    pub(super) fn item(&'a self, index: usize) -> Self {
        Self::Item(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command => Ok(()),
            Self::Field(Self::Command, name) => f.write_str(name),
            Self::Field(of, name) => write!(f, "{of}.{name}"),
            Self::Item(of, index) => write!(f, "{of}.{index}"),
        }
    }
}

/// A rejection of one field.
pub(super) fn rejection(code: RejectionCode, at: Path<'_>) -> Rejection {
    Rejection::new(code, at.to_string())
}

/// What has been found wrong so far.
#[derive(Default)]
pub(super) struct Checks {
    first: Option<Rejection>,
}

impl Checks {
    /// Notes a rejection unless `holds`.
    pub(super) fn ensure(&mut self, holds: bool, code: RejectionCode, at: Path<'_>) {
        if !holds && self.first.as_ref().is_none_or(|first| code < first.code) {
            self.first = Some(rejection(code, at));
        }
    }

    /// Notes a rejection if there is nothing, and passes on what there is.
    pub(super) fn found<T>(&mut self, value: Option<T>, code: RejectionCode, at: Path<'_>) -> Option<T> {
        self.ensure(value.is_some(), code, at);
        value
    }

    /// As [`Self::found`] for what nothing can go on without: ends the checks so far.
    pub(super) fn need<T>(
        &mut self,
        value: Option<T>,
        code: RejectionCode,
        at: Path<'_>,
    ) -> Result<T, Rejection> {
        self.ensure(value.is_some(), code, at);
        self.done()?;
        value.ok_or_else(|| rejection(code, at))
    }

    /// The rejection with precedence, if anything was found wrong.
    pub(super) fn done(&mut self) -> Result<(), Rejection> {
        self.first.take().map_or(Ok(()), Err)
    }

    /// As [`Self::done`] for codes up to `last`; a later one is kept, since an earlier one may still be found.
    pub(super) fn done_up_to(&mut self, last: RejectionCode) -> Result<(), Rejection> {
        let due = self.first.as_ref().is_some_and(|first| first.code <= last);
        if due { self.done() } else { Ok(()) }
    }

    /// A text that must say something.
    pub(super) fn text(&mut self, text: &str, bytes_max: usize, at: Path<'_>) {
        self.ensure(!text.trim().is_empty(), RejectionCode::TextEmpty, at);
        self.text_or_empty(text, bytes_max, at);
    }

    pub(super) fn text_or_empty(&mut self, text: &str, bytes_max: usize, at: Path<'_>) {
        self.ensure(text.len() <= bytes_max, RejectionCode::TextTooLong, at);
        let clean = text.len() > bytes_max || !text.chars().any(char::is_control);
        self.ensure(clean, RejectionCode::TextNotAllowed, at);
    }

    /// Something of a person must be known: a person without any value could never be found or erased.
    pub(super) fn buyer(&mut self, buyer: Option<&Person>) {
        if let Some(person) = buyer {
            self.person(person, field("buyer"));
        }
    }

    /// As [`Self::buyer`], of any field.
    pub(super) fn person(&mut self, person: &Person, at: Path<'_>) {
        let texts = [("email", &person.email), ("name", &person.name), ("telephone", &person.telephone)];
        let known = texts.iter().any(|(_, text)| !text.trim().is_empty());
        self.ensure(known, RejectionCode::TextEmpty, at.field("email"));
        for (name, text) in texts {
            self.text_or_empty(text, PERSONAL_BYTES_MAX, at.field(name));
        }
    }

    pub(super) fn instant(&mut self, instant: Timestamp, at: Path<'_>) {
        self.ensure(instant.is_plausible(), RejectionCode::TimeOutOfRange, at);
    }

    /// An amount that is not negative.
    pub(super) fn amount(&mut self, amount: Amount, at: Path<'_>) {
        self.ensure(amount.0 >= 0, RejectionCode::AmountNegative, at);
        self.ensure(amount.0 <= AMOUNT_MAX, RejectionCode::AmountTooLarge, at);
    }

    /// An amount above zero, as money that moves is.
    pub(super) fn amount_above_zero(&mut self, amount: Amount, at: Path<'_>) {
        self.ensure(amount.0 > 0, RejectionCode::AmountNegative, at);
        self.ensure(amount.0 <= AMOUNT_MAX, RejectionCode::AmountTooLarge, at);
    }

    /// An amount that may be negative, as facts of other systems are.
    pub(super) fn signed_amount(&mut self, amount: Amount, at: Path<'_>) {
        self.ensure((-AMOUNT_MAX..=AMOUNT_MAX).contains(&amount.0), RejectionCode::AmountTooLarge, at);
    }

    pub(super) fn rate(&mut self, rate: Rate, at: Path<'_>) {
        self.ensure((Rate::ZERO..=Rate::ONE).contains(&rate), RejectionCode::RateOutOfRange, at);
    }

    /// A count from 1 to `max`.
    pub(super) fn count(&mut self, count: u32, max: u32, at: Path<'_>) {
        self.ensure(count > 0, RejectionCode::QuantityZero, at);
        self.ensure(count <= max, RejectionCode::QuantityTooLarge, at);
    }

    pub(super) fn list<T>(&mut self, list: &[T], max: usize, at: Path<'_>) {
        self.ensure(list.len() <= max, RejectionCode::ListTooLong, at);
    }

    pub(super) fn list_with_one<T>(&mut self, list: &[T], max: usize, at: Path<'_>) {
        self.ensure(!list.is_empty(), RejectionCode::ListEmpty, at);
        self.list(list, max, at);
    }

    /// Channels that sell something: each once.
    pub(super) fn channels(&mut self, channels: &[ChannelId], at: Path<'_>) {
        self.list(channels, TARIFF_CHANNELS_MAX, at);
        let ids = channels.iter().take(TARIFF_CHANNELS_MAX).copied().enumerate();
        self.distinct(ids, |index| at.item(index).to_string());
    }

    /// Channels that sell something exist.
    pub(super) fn channels_known(&mut self, channels: &[ChannelId], state: &State, at: Path<'_>) {
        for (index, channel) in channels.iter().enumerate() {
            let known = state.channels.get(channel.0).is_some();
            self.ensure(known, RejectionCode::ChannelUnknown, at.item(index));
        }
    }

    /// Legs of a payment or refund: each above zero.
    pub(super) fn legs(&mut self, legs: &[Leg], at: Path<'_>) {
        self.list(legs, PAYMENT_LEGS_MAX, at);
        for (index, leg) in legs.iter().enumerate().take(PAYMENT_LEGS_MAX) {
            self.amount_above_zero(leg.amount, at.item(index).field("amount"));
        }
    }

    /// Demands that no key comes twice; tells the place of the first that does.
    pub(super) fn distinct<K: Ord>(
        &mut self,
        keys: impl Iterator<Item = (usize, K)>,
        at: impl Fn(usize) -> String,
    ) {
        if let Some(index) = first_repeated(keys)
            && self.first.as_ref().is_none_or(|first| RejectionCode::Duplicate < first.code)
        {
            self.first = Some(Rejection::new(RejectionCode::Duplicate, at(index)));
        }
    }
}

/// The first place whose key has been seen before.
fn first_repeated<K: Ord>(keys: impl Iterator<Item = (usize, K)>) -> Option<usize> {
    let mut keys: Vec<(K, usize)> = keys.map(|(index, key)| (key, index)).collect();
    if keys.len() < 2 {
        return None;
    }
    keys.sort_unstable();
    let pairs = keys.iter().zip(keys.iter().skip(1));
    pairs.filter(|((first, _), (second, _))| first == second).map(|(_, (_, index))| *index).min()
}
