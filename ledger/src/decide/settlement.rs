//! The life of a settlement: sealed version by version, its files kept, signed off, paid.
//!
//! A decision does not work a settlement out. Whoever seals states the position that it was worked out at, the hash of
//! the log there and that of the statement; the decision refuses what cannot be right, and anyone who has the log can
//! work the statement out again.

use soticket_schema::command::{KeepSettlementFiles, PaySettlement, SealSettlement, SignOffSettlement};
use soticket_schema::event::v1::{
    SettledLine, SettledRole, SettlementFile, SettlementFilesKept, SettlementPaid, SettlementSealed,
    SettlementSignedOff,
};
use soticket_schema::limits::{AMOUNT_MAX, REFERENCE_BYTES_MAX, SETTLED_LINES_MAX, SETTLEMENT_FILES_MAX};
use soticket_schema::{Amount, Event, Rejection, RejectionCode, SettlementId};

use super::checks::{Checks, Path, field};
use super::deal::{check_party, check_show};
use super::{Context, Decide, Timing, When};
use crate::state::{Sealed, State};

impl Decide for SealSettlement {
    fn shape(&self, _when: When, checks: &mut Checks) {
        let at = field("lines");
        checks.count(self.version, u32::MAX, field("version"));
        checks.list_with_one(&self.lines, SETTLED_LINES_MAX, at);
        for (index, line) in self.lines.iter().enumerate().take(SETTLED_LINES_MAX) {
            check_line(line, at.item(index), checks);
        }
        checks.ensure(is_balanced(&self.lines), RejectionCode::SettlementUnbalanced, at);
        check_files(&self.files, checks);
        checks.text_or_empty(&self.language, REFERENCE_BYTES_MAX, field("language"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        check_show(self.show, state, checks);
        check_lines_named(&self.lines, state, checks);
        let deal = state.deals.deal_of(self.show);
        let (deal, agreed) = checks.need(deal, RejectionCode::DealUnknown, field("show"))?;
        let version = agreed.version == self.deal_version;
        checks.ensure(version, RejectionCode::DealVersionMismatch, field("deal_version"));
        let sealed = state.deals.settlement_of(self.show);
        check_next(self, sealed.map(|(_, sealed)| sealed), checks);
        let recorded = self.position < state.length();
        let since = sealed.map_or(0, |(_, sealed)| sealed.position).max(state.deals.touched(self.show));
        let current = recorded && self.position >= since;
        checks.ensure(current, RejectionCode::SettlementOutdated, field("position"));
        let settlement = sealed.map_or(state.deals.next_settlement(), |(settlement, _)| settlement);
        let event = SettlementSealed {
            settlement,
            version: self.version,
            show: self.show,
            deal,
            deal_version: self.deal_version,
            calculation: self.calculation,
            position: self.position,
            head: self.head,
            statement: self.statement,
            lines: self.lines.clone(),
        };
        let mut events = vec![event.into()];
        if !self.files.is_empty() {
            let (version, show, files) = (self.version, self.show, self.files.clone());
            events.push(SettlementFilesKept { settlement, version, show, files }.into());
        }
        Ok(events)
    }
}

/// Versions are sealed one after the other, and each says something new.
fn check_next(seal: &SealSettlement, sealed: Option<&Sealed>, checks: &mut Checks) {
    let last = sealed.map_or(0, |sealed| sealed.version);
    let at = field("version");
    checks.ensure(seal.version > last, RejectionCode::SettlementSealed, at);
    checks.ensure(seal.version <= last.saturating_add(1), RejectionCode::SettlementNotSealed, at);
    let same = sealed.is_some_and(|sealed| sealed.statement == seal.statement);
    checks.ensure(!same, RejectionCode::SettlementUnchanged, field("statement"));
}

fn check_line(line: &SettledLine, at: Path<'_>, checks: &mut Checks) {
    checks.text(&line.step, REFERENCE_BYTES_MAX, at.field("step"));
    // Sums over a large show go beyond what one line of an order may have.
    for (name, amount) in [("basis", line.basis), ("net", line.net), ("vat", line.vat)] {
        let fits = amount.0.unsigned_abs() <= AMOUNT_MAX.unsigned_abs() * 1_000;
        checks.ensure(fits, RejectionCode::AmountTooLarge, at.field(name));
    }
    checks.rate(line.rate, at.field("rate"));
    checks.rate(line.vat_rate, at.field("vat_rate"));
}

fn check_lines_named(lines: &[SettledLine], state: &State, checks: &mut Checks) {
    let at = field("lines");
    for (index, line) in lines.iter().enumerate() {
        let at = at.item(index);
        check_party(line.party, state, at.field("party"), checks);
        if let Some(channel) = line.channel {
            let known = state.channels.get(channel.0).is_some();
            checks.ensure(known, RejectionCode::ChannelUnknown, at.field("channel"));
        }
    }
}

/// What is taken out of the receipts and what the organisation keeps come to the receipts.
fn is_balanced(lines: &[SettledLine]) -> bool {
    let of = |line: &SettledLine| match line.role {
        SettledRole::Receipts => line.net,
        SettledRole::Subtotal => Amount::ZERO,
        _ => Amount::ZERO - line.net,
    };
    lines.iter().map(of).sum::<Amount>() == Amount::ZERO
}

/// No file twice. Whether they are kept is no matter of the log: whoever asks has kept them before.
fn check_files(files: &[SettlementFile], checks: &mut Checks) {
    let at = field("files");
    checks.list(files, SETTLEMENT_FILES_MAX, at);
    let hashes = files.iter().take(SETTLEMENT_FILES_MAX).map(|file| file.hash).enumerate();
    checks.distinct(hashes, |index| at.item(index).field("hash").to_string());
}

impl Decide for KeepSettlementFiles {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.ensure(!self.files.is_empty(), RejectionCode::ListEmpty, field("files"));
        check_files(&self.files, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let sealed = settlement(self.settlement, context.state, checks)?;
        let known = (1..=sealed.version).contains(&self.version);
        checks.ensure(known, RejectionCode::SettlementNotSealed, field("version"));
        let (settlement, version, show) = (self.settlement, self.version, sealed.show);
        Ok(vec![SettlementFilesKept { settlement, version, show, files: self.files.clone() }.into()])
    }
}

impl Decide for SignOffSettlement {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let at = field("party");
        check_party(self.party, context.state, at, checks);
        let sealed = settlement(self.settlement, context.state, checks)?;
        check_last(self.version, sealed, checks);
        let settled = self.party.is_none_or(|party| sealed.parties.contains(&party));
        checks.ensure(settled, RejectionCode::PartyNotSettled, at);
        checks.ensure(!sealed.signed.contains(&self.party), RejectionCode::AlreadySignedOff, at);
        let event = SettlementSignedOff {
            settlement: self.settlement,
            version: self.version,
            show: sealed.show,
            party: self.party,
            document: self.document,
        };
        Ok(vec![event.into()])
    }
}

impl Decide for PaySettlement {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.ensure(self.amount != Amount::ZERO, RejectionCode::AmountNegative, field("amount"));
        checks.signed_amount(self.amount, field("amount"));
        checks.text(&self.reference, REFERENCE_BYTES_MAX, field("reference"));
    }

    /// What was paid is recorded whatever is due: the read side shows the balance.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let at = field("party");
        check_party(Some(self.party), context.state, at, checks);
        let method = context.state.methods.get(self.method.0).is_some();
        checks.ensure(method, RejectionCode::MethodUnknown, field("method"));
        let sealed = settlement(self.settlement, context.state, checks)?;
        check_last(self.version, sealed, checks);
        checks.ensure(sealed.parties.contains(&self.party), RejectionCode::PartyNotSettled, at);
        let event = SettlementPaid {
            settlement: self.settlement,
            version: self.version,
            show: sealed.show,
            party: self.party,
            amount: self.amount,
            method: self.method,
            reference: self.reference.clone(),
        };
        Ok(vec![event.into()])
    }
}

fn settlement<'a>(
    settlement: SettlementId,
    state: &'a State,
    checks: &mut Checks,
) -> Result<&'a Sealed, Rejection> {
    let sealed = state.deals.settlement(settlement);
    checks.need(sealed, RejectionCode::SettlementUnknown, field("settlement"))
}

/// The version is the last that was sealed.
fn check_last(version: u32, sealed: &Sealed, checks: &mut Checks) {
    let at = field("version");
    checks.ensure(version > 0 && version <= sealed.version, RejectionCode::SettlementNotSealed, at);
    checks.ensure(version >= sealed.version, RejectionCode::SettlementSuperseded, at);
}
