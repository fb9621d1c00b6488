//! Two versions of a settlement side by side: an amendment shows what changed, line by line.

use std::collections::BTreeMap;

use soticket_schema::event::v1::{SettledLine, SettledRole};
use soticket_schema::{Amount, ChannelId, PartyId, Rate};

/// One line in two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedLine {
    /// Name of the step, with the category for costs.
    pub step: String,
    /// What it is.
    pub role: SettledRole,
    /// Whom it is owed to.
    pub party: Option<PartyId>,
    /// The channel that it comes from.
    pub channel: Option<ChannelId>,
    /// VAT rate of the line.
    pub vat_rate: Rate,
    /// In the earlier version; none if it was not there.
    pub old: Option<SettledLine>,
    /// In the later one.
    pub new: Option<SettledLine>,
    /// Without VAT: new less old.
    pub net: Amount,
    /// VAT: new less old.
    pub vat: Amount,
}

/// What makes lines of two versions the same line.
type Key<'a> = (&'a str, SettledRole, Option<PartyId>, Option<ChannelId>, Rate, usize);

/// Compares the lines of two versions: in the order of the later one, then what is no longer there.
pub fn compare(old: &[SettledLine], new: &[SettledLine]) -> Vec<ComparedLine> {
    let (old, new) = (keyed(old), keyed(new));
    let before: BTreeMap<Key<'_>, &SettledLine> = old.iter().copied().collect();
    let after: BTreeMap<Key<'_>, &SettledLine> = new.iter().copied().collect();
    let present = new.iter().map(|(key, line)| compared(before.get(key).copied(), Some(line)));
    let gone = old.iter().filter(|(key, _)| !after.contains_key(key));
    let gone = gone.map(|(_, line)| compared(Some(line), None));
    present.chain(gone).flatten().collect()
}

/// Lines with their keys; lines that are alike in all of it are told apart by their order.
fn keyed(lines: &[SettledLine]) -> Vec<(Key<'_>, &SettledLine)> {
    let mut seen: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    let keyed = lines.iter().map(|line| {
        let key = (line.step.as_str(), line.role, line.party, line.channel, line.vat_rate, 0);
        let nth = seen.entry(key).or_default();
        let place = *nth;
        *nth += 1;
        ((key.0, key.1, key.2, key.3, key.4, place), line)
    });
    keyed.collect()
}

fn compared(old: Option<&SettledLine>, new: Option<&SettledLine>) -> Option<ComparedLine> {
    let line = new.or(old)?;
    let of =
        |line: Option<&SettledLine>| line.map_or((Amount::ZERO, Amount::ZERO), |line| (line.net, line.vat));
    let ((old_net, old_vat), (new_net, new_vat)) = (of(old), of(new));
    Some(ComparedLine {
        step: line.step.clone(),
        role: line.role,
        party: line.party,
        channel: line.channel,
        vat_rate: line.vat_rate,
        old: old.cloned(),
        new: new.cloned(),
        net: new_net - old_net,
        vat: new_vat - old_vat,
    })
}
