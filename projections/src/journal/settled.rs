//! What a sealed settlement posts: all of its first version, and of an amendment what is new less what was.

use std::collections::BTreeMap;

use soticket_schema::event::v1::{AccountKey, AccountRole, SettledLine, SettledRole};
use soticket_schema::{Amount, ChannelId, PartyId};

use super::book::{Sealed, ShowBook};
use super::view::EntryKind;

/// Lines of one entry: debits above zero.
pub(super) type Lines = BTreeMap<(AccountRole, AccountKey), Amount>;

/// Entries of the version at this place of a book, in their order.
pub(super) fn entries(book: &ShowBook, place: usize) -> BTreeMap<EntryKind, Lines> {
    let mut entries = BTreeMap::new();
    let Some(sealed) = book.sealed.get(place) else { return entries };
    let before = book.sealed.iter().take(place).rfind(|known| known.settlement == sealed.settlement);
    post(sealed, &sealed.lines, 1, &mut entries);
    post(sealed, before.map(|before| before.lines.as_slice()).unwrap_or_default(), -1, &mut entries);
    for lines in entries.values_mut() {
        lines.retain(|_, amount| *amount != Amount::ZERO);
    }
    entries.retain(|_, lines| !lines.is_empty());
    entries
}

/// Posts lines in the entries of a version; with a sign below zero, what they were before it.
fn post(sealed: &Sealed, lines: &[SettledLine], sign: i64, entries: &mut BTreeMap<EntryKind, Lines>) {
    for line in lines {
        let Some((kind, expense)) = entry_of(sealed, line) else { continue };
        let entry = entries.entry(kind).or_default();
        let mut debit = |role, key, amount: Amount| {
            *entry.entry((role, key)).or_default() += amount.times(sign);
        };
        debit(expense, AccountKey::Any, line.net);
        debit(AccountRole::VatDeductible, AccountKey::Any, line.vat);
        let (role, key) = owed_to(line);
        debit(role, key, -(line.net + line.vat));
    }
}

/// The entry of a line and the account of what it costs; none for what is posted elsewhere or nowhere.
fn entry_of(sealed: &Sealed, line: &SettledLine) -> Option<(EntryKind, AccountRole)> {
    let (settlement, version, party) = (sealed.settlement, sealed.version, line.party);
    Some(match line.role {
        SettledRole::Commission => (EntryKind::Commissions(settlement, version), AccountRole::Commissions),
        SettledRole::Royalty => (EntryKind::Royalties(settlement, version, party), AccountRole::Royalties),
        SettledRole::Contribution => {
            (EntryKind::Royalties(settlement, version, party), AccountRole::Contributions)
        }
        SettledRole::Levy => (EntryKind::Levy(settlement, version, party), AccountRole::Levies),
        SettledRole::Cost => (EntryKind::Costs(settlement, version, party), AccountRole::Costs),
        SettledRole::Share => (EntryKind::Share(settlement, version, party), AccountRole::Shares),
        SettledRole::PaymentCost => (EntryKind::PaymentCosts(settlement, version), AccountRole::PaymentCosts),
        // Receipts were posted with their sales; what stays with the organisation is what is left of them.
        SettledRole::Receipts | SettledRole::Own | SettledRole::Subtotal => return None,
    })
}

/// Whom the line is owed to. A channel keeps its commission back from what it collected; the bank took payment costs.
fn owed_to(line: &SettledLine) -> (AccountRole, AccountKey) {
    let by_party = |role, party: Option<PartyId>| (role, party.map_or(AccountKey::Any, AccountKey::Party));
    let by_channel = |channel: ChannelId| (AccountRole::ChannelCurrent, AccountKey::Channel(channel));
    match (line.role, line.channel) {
        (SettledRole::Commission, Some(channel)) => by_channel(channel),
        (SettledRole::PaymentCost, _) => (AccountRole::Bank, AccountKey::Any),
        (SettledRole::Levy, _) => by_party(AccountRole::LevyPayable, line.party),
        _ => by_party(AccountRole::Payables, line.party),
    }
}
