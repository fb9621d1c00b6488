//! Makes entries out of what was posted: works out VAT, earns receipts with the performance, balances and numbers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use soticket_schema::event::v1::{AccountKey, AccountMapping, AccountRole, VatDue};
use soticket_schema::money::vat_of_gross;
use soticket_schema::{Amount, Rate, Rounding, ShowId};

use super::accounts::{Account, Accounts, JournalError, book_code};
use super::book::{Gross, Group, Pool, Posting, PostingKey, ShowBook};
use super::settled::{self, Lines};
use super::view::{EntryKind, JournalEntry, JournalFilter, JournalLine};
use super::{Closed, DatedMapping, Journal};
use soticket_schema::CommercialDay;

/// Kind number of a sealed settlement's event.
const SETTLEMENT_SEALED: u16 = 145;

/// An entry before it has accounts.
struct Draft {
    kind: EntryKind,
    lines: Lines,
    event_kinds: Vec<u16>,
    positions: Vec<u64>,
}

/// What adds up over the days of a book.
#[derive(Default)]
struct Running {
    /// Sold so far.
    sums: BTreeMap<(Pool, Rate), Gross>,
    /// Receipts without VAT, and of these what the performance has earned.
    receipts: Amount,
    earned: Amount,
    /// VAT that was posted as pending, and of this what became due.
    pending: BTreeMap<Rate, Amount>,
    due: BTreeMap<Rate, Amount>,
    /// Events of receipts that are not earned yet.
    kinds: BTreeSet<u16>,
    positions: Vec<u64>,
}

impl Journal {
    /// Entries of a period, by day, show and kind; those of no show first.
    ///
    /// The same period gives the same entries as long as no event is posted to one of its days; to a locked day none is.
    /// The cost depends on days and shows, not on tickets.
    ///
    /// # Errors
    /// An entry of the journal up to the end of the period has no account. See [`JournalError`].
    pub fn entries(&self, filter: &JournalFilter) -> Result<Vec<JournalEntry>, JournalError> {
        let mut found = Vec::new();
        let accounts = Accounts::new(&self.house);
        let wanted = |show: Option<ShowId>| filter.show.is_none_or(|only| show == Some(only));
        for (show, book) in self.books().filter(|(show, _)| wanted(*show)) {
            self.entries_of(show, book, &accounts, filter, &mut found)?;
        }
        // Every book is in order already: a stable sort by day puts them together.
        found.sort_by_key(|entry: &JournalEntry| entry.day);
        for (number, entry) in (1..).zip(&mut found) {
            entry.number = number;
        }
        found.retain(|entry| entry.day >= filter.from);
        Ok(found)
    }

    /// The commercial day of an instant.
    pub fn day_of(&self, at: soticket_schema::Timestamp) -> Date {
        self.house.calendar.clone().day(at).date()
    }

    /// When a show's statement was closed; none while it is open. See [`Closed`].
    pub fn closed(&self, show: ShowId) -> Option<Closed> {
        self.shows.get(show.0)?.closed
    }

    /// Currency of every amount.
    pub fn currency(&self) -> soticket_schema::Currency {
        self.house.currency
    }

    /// The first nine digits of the organisation's SIRET number; none if it has not stated one.
    pub fn siren(&self) -> Option<&str> {
        let siren = self.house.siret.get(..9)?;
        siren.bytes().all(|byte| byte.is_ascii_digit()).then_some(siren)
    }

    /// The mappings that were set, in the order of their setting.
    pub fn mappings(&self) -> &[DatedMapping] {
        &self.house.mappings
    }

    /// The last commercial day that is locked; none if none is.
    pub fn locked_through(&self) -> Option<Date> {
        self.house.first_open.map(|open| open.date().saturating_sub(jiff::Span::new().days(1)))
    }

    fn entries_of(
        &self,
        show: Option<ShowId>,
        book: &ShowBook,
        accounts: &Accounts<'_>,
        filter: &JournalFilter,
        found: &mut Vec<JournalEntry>,
    ) -> Result<(), JournalError> {
        let mut running = Running::default();
        for day in book.days().into_iter().take_while(|day| day.date() <= filter.to) {
            let mapping = accounts.mapping(day);
            for draft in day_of(book, day, mapping, &mut running) {
                // Events are listed for those who asked for the day only.
                let listed = day.date() >= filter.from;
                if let Some(entry) = finish(draft, (show, book), day, accounts, listed)? {
                    found.push(entry);
                }
            }
        }
        Ok(())
    }
}

impl ShowBook {
    /// Days on which entries may be made.
    fn days(&self) -> BTreeSet<CommercialDay> {
        let posted = self.postings.keys().map(|key| key.day);
        let dates = self.dates.iter().flat_map(|(known, day)| [Some(*known), *day]).flatten();
        let days = posted.chain(dates).chain(self.sealed.iter().map(|sealed| sealed.day));
        days.filter(|day| *day != CommercialDay::NEVER).collect()
    }

    /// Whether the show has taken place by the end of a day, by what was known then.
    fn performed(&self, day: CommercialDay) -> bool {
        let known = self.dates.iter().rev().find(|(known, _)| *known <= day);
        known.and_then(|(_, date)| *date).is_some_and(|date| date <= day)
    }

    fn postings_of(&self, day: CommercialDay) -> impl Iterator<Item = (Group, &Posting)> {
        let from = PostingKey { day, group: Group::Tickets };
        self.postings
            .range(from..)
            .take_while(move |(key, _)| key.day == day)
            .map(|(key, posting)| (key.group, posting))
    }
}

fn day_of(
    book: &ShowBook,
    day: CommercialDay,
    mapping: Option<&AccountMapping>,
    running: &mut Running,
) -> Vec<Draft> {
    let pending = mapping.is_some_and(|mapping| mapping.vat_due == VatDue::OnPerformance);
    let mut drafts: Vec<Draft> =
        book.postings_of(day).map(|(group, posting)| running.post(group, posting, pending)).collect();
    drafts.extend(running.perform(book.performed(day)));
    let costs = mapping
        .is_some_and(|mapping| mapping.accounts.iter().any(|account| account.role == AccountRole::Costs));
    for (place, sealed) in book.sealed.iter().enumerate().filter(|(_, sealed)| sealed.day == day) {
        for (kind, lines) in settled::entries(book, place) {
            // Suppliers' invoices are booked from their own vouchers unless the mapping says otherwise.
            if !costs && matches!(kind, EntryKind::Costs(..)) {
                continue;
            }
            let (event_kinds, positions) = (vec![SETTLEMENT_SEALED], vec![sealed.position]);
            drafts.push(Draft { kind, lines, event_kinds, positions });
        }
    }
    drafts
}

impl Running {
    /// The entry of a posting: VAT is that of all sold so far less that of all sold before.
    fn post(&mut self, group: Group, posting: &Posting, pending: bool) -> Draft {
        let mut lines = posting.lines.clone();
        let mut debit = |role, key, amount: Amount| *lines.entry((role, key)).or_default() += amount;
        for (&(pool, rate), sold) in &posting.taxed {
            let before = self.sums.get(&(pool, rate)).copied().unwrap_or_default();
            let after = before.plus(*sold);
            self.sums.insert((pool, rate), after);
            let vat = match posting.rounding {
                Rounding::Document => {
                    vat_of_gross(after.gross, rate).vat - vat_of_gross(before.gross, rate).vat
                }
                Rounding::PerTicket => sold.unit_vat,
            };
            let net = sold.gross - vat;
            debit(pool.role(), AccountKey::Any, -net);
            if pool == Pool::ExpiredCards {
                debit(AccountRole::CardAdvances, AccountKey::Any, net);
                continue;
            }
            let waits = pending && pool == Pool::Receipts;
            let role = if waits { AccountRole::VatPending } else { AccountRole::VatCollected };
            debit(role, AccountKey::Rate(rate), -vat);
            if pool == Pool::Receipts {
                self.receipts += net;
            }
            if waits {
                *self.pending.entry(rate).or_default() += vat;
            }
        }
        if group.balances_on_customers() {
            let rest: Amount = lines.values().copied().sum();
            *lines.entry((AccountRole::Customers, AccountKey::Any)).or_default() -= rest;
        }
        let positions: Vec<u64> = posting.positions.iter().collect();
        if matches!(group, Group::Tickets | Group::TicketsBack) {
            self.kinds.extend(&posting.kinds);
            self.positions.extend(&positions);
        }
        Draft { kind: group.kind(), lines, event_kinds: posting.kinds.clone(), positions }
    }

    /// Earns what is not earned yet once the show has taken place, and takes it back if it is to take place after all.
    fn perform(&mut self, performed: bool) -> Option<Draft> {
        let target = if performed { self.receipts } else { Amount::ZERO };
        let mut lines = Lines::new();
        let mut debit = |role, key, amount: Amount| *lines.entry((role, key)).or_default() += amount;
        debit(AccountRole::Advances, AccountKey::Any, target - self.earned);
        debit(AccountRole::Receipts, AccountKey::Any, self.earned - target);
        for (rate, pending) in &self.pending {
            let due = self.due.entry(*rate).or_default();
            let target = if performed { *pending } else { Amount::ZERO };
            debit(AccountRole::VatPending, AccountKey::Rate(*rate), target - *due);
            debit(AccountRole::VatCollected, AccountKey::Rate(*rate), *due - target);
            *due = target;
        }
        self.earned = target;
        if lines.values().all(|amount| *amount == Amount::ZERO) {
            return None;
        }
        self.positions.sort_unstable();
        self.positions.dedup();
        Some(Draft {
            kind: EntryKind::Performance,
            lines,
            event_kinds: std::mem::take(&mut self.kinds).into_iter().collect(),
            positions: std::mem::take(&mut self.positions),
        })
    }
}

/// The entry on its accounts; none for one without an amount. Lines on one account are one line.
fn finish(
    draft: Draft,
    (show, book): (Option<ShowId>, &ShowBook),
    day: CommercialDay,
    accounts: &Accounts<'_>,
    listed: bool,
) -> Result<Option<JournalEntry>, JournalError> {
    let mut lines: BTreeMap<Account, Amount> = BTreeMap::new();
    for (key, amount) in draft.lines.into_iter().filter(|(_, amount)| *amount != Amount::ZERO) {
        *lines.entry(accounts.find(day, key, book)?).or_default() += amount;
    }
    lines.retain(|_, amount| *amount != Amount::ZERO);
    if lines.is_empty() {
        return Ok(None);
    }
    let (debits, credits): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|(_, amount)| *amount > Amount::ZERO);
    let (book_code, book_name) = book_code(accounts.mapping(day), draft.kind.book())?;
    let (reference, label) = texts(draft.kind, show.map(|_| book), day);
    Ok(Some(JournalEntry {
        number: 0,
        day: day.date(),
        book: draft.kind.book(),
        book_code,
        book_name,
        show,
        kind: draft.kind,
        reference,
        label,
        lines: debits.into_iter().chain(credits).map(line).collect(),
        event_kinds: draft.event_kinds,
        positions: if listed { draft.positions } else { Vec::new() },
    }))
}

fn line((account, amount): (Account, Amount)) -> JournalLine {
    JournalLine {
        account: account.number,
        name: account.name,
        auxiliary: account.auxiliary,
        auxiliary_name: account.auxiliary_name,
        debit: amount.max(Amount::ZERO),
        credit: (-amount).max(Amount::ZERO),
    }
}

/// Reference and label: made of what never changes.
fn texts(kind: EntryKind, show: Option<&ShowBook>, day: CommercialDay) -> (String, String) {
    let date = day.date().strftime("%Y%m%d");
    match show {
        Some(book) => (
            format!("{date}-{}-{}", book.reference, kind.tag()),
            format!("{} {} {}", kind.words(), book.reference, book.title),
        ),
        None => (format!("{date}-{}", kind.tag()), kind.words().to_owned()),
    }
}
