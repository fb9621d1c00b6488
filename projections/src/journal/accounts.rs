//! Accounts: which one a line is made on.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use soticket_schema::event::v1::{AccountKey, AccountMapping, AccountRole, Book, MappedAccount};

use super::book::ShowBook;
use super::house::House;
use soticket_schema::CommercialDay;

static DEFAULT: LazyLock<Option<AccountMapping>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../data/accounts/ticketing-2026.json")).ok());

/// The accounts that ship with the program: those that hold until an organisation sets its own.
pub fn default_mapping() -> Option<&'static AccountMapping> {
    DEFAULT.as_ref()
}

/// Why there are no entries: stable code and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// An entry needs an account that the mapping of its day does not have.
    #[error("ACCOUNT_MISSING: no account for {role} on {day}: set a mapping that has one from that day on")]
    AccountMissing {
        /// The role.
        role: &'static str,
        /// The day of the entry.
        day: Date,
    },
    /// VAT was charged at a rate that the mapping of the day has no account for.
    #[error(
        "VAT_ACCOUNT_MISSING: no account for VAT of {rate} % on {day}: set a mapping that has one from that day on"
    )]
    VatAccountMissing {
        /// The rate in percent.
        rate: String,
        /// The day of the entry.
        day: Date,
    },
    /// A book has no code.
    #[error("BOOK_MISSING: no code for the book of {book}: set a mapping that has one")]
    BookMissing {
        /// The book.
        book: &'static str,
    },
}

/// An account with its texts filled in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Account {
    pub(super) number: String,
    pub(super) auxiliary: String,
    pub(super) name: String,
    pub(super) auxiliary_name: String,
}

/// Finds accounts for lines.
pub(super) struct Accounts<'a> {
    house: &'a House,
    /// Short names of channels, ways of paying and parties, unlike among each other.
    channels: BTreeMap<u32, String>,
    methods: BTreeMap<u32, String>,
    parties: BTreeMap<u32, String>,
}

impl<'a> Accounts<'a> {
    pub(super) fn new(house: &'a House) -> Self {
        Self {
            channels: short_names(house.channels.iter().map(|(id, (name, _))| (id.0, name.as_str()))),
            methods: short_names(house.methods.iter().map(|(id, (name, _))| (id.0, name.as_str()))),
            parties: short_names(house.parties.iter().map(|(id, name)| (id.0, name.as_str()))),
            house,
        }
    }

    /// The mapping that entries of a day are made on: the last that was set for that day or an earlier one.
    pub(super) fn mapping(&self, day: CommercialDay) -> Option<&'a AccountMapping> {
        let set = self.house.mappings.iter().rev().find(|dated| dated.from <= day);
        set.map(|dated| &dated.mapping).or_else(|| default_mapping())
    }

    /// The account of a line.
    pub(super) fn find(
        &self,
        day: CommercialDay,
        (role, key): (AccountRole, AccountKey),
        book: &ShowBook,
    ) -> Result<Account, JournalError> {
        let mapping = self.mapping(day);
        let found = mapping.and_then(|mapping| {
            self.narrowing(key).into_iter().flatten().find_map(|key| account(mapping, role, key))
        });
        let Some(found) = found else {
            let day = day.date();
            return Err(match key {
                AccountKey::Rate(rate) => JournalError::VatAccountMissing { rate: rate.percent(), day },
                _ => JournalError::AccountMissing { role: role.name(), day },
            });
        };
        let (short, name) = self.subject(role, key, book);
        Ok(Account {
            number: found.account.replace("{}", short),
            auxiliary: found.auxiliary.replace("{}", short),
            name: filled(&found.name, name),
            auxiliary_name: filled(&found.auxiliary_name, name),
        })
    }

    /// Keys to look for, the narrowest first.
    fn narrowing(&self, key: AccountKey) -> [Option<AccountKey>; 3] {
        let kind = match key {
            AccountKey::Method(method) => self.house.methods.get(&method).map(|(_, kind)| *kind),
            _ => None,
        };
        [Some(key), kind.map(AccountKey::Kind), Some(AccountKey::Any)]
    }

    /// What a line is about: short, and by name.
    fn subject<'b>(&'b self, role: AccountRole, key: AccountKey, book: &'b ShowBook) -> (&'b str, &'b str) {
        let (short, name) = match key {
            AccountKey::Channel(id) => {
                (self.channels.get(&id.0), self.house.channels.get(&id).map(|(name, _)| name))
            }
            AccountKey::Method(id) => {
                (self.methods.get(&id.0), self.house.methods.get(&id).map(|(name, _)| name))
            }
            AccountKey::Party(id) => (self.parties.get(&id.0), self.house.parties.get(&id)),
            _ if role == AccountRole::Advances => (Some(&book.reference), Some(&book.reference)),
            _ => (None, None),
        };
        (short.map_or("", String::as_str), name.map_or("", String::as_str))
    }
}

/// The text with what the line is about, without the joint that is left over when it is about nothing.
fn filled(text: &str, name: &str) -> String {
    text.replace("{}", name).trim().trim_end_matches(':').trim().to_owned()
}

fn account(mapping: &AccountMapping, role: AccountRole, key: AccountKey) -> Option<&MappedAccount> {
    mapping.accounts.iter().find(|account| account.role == role && account.key == key)
}

/// Code and name of a book.
pub(super) fn book_code(
    mapping: Option<&AccountMapping>,
    book: Book,
) -> Result<(String, String), JournalError> {
    let found = mapping.and_then(|mapping| mapping.books.iter().find(|known| known.book == book));
    let found = found.ok_or(JournalError::BookMissing { book: book.name() })?;
    Ok((found.code.clone(), found.name.clone()))
}

/// Capital letters and digits of each name. One that another already has is followed by its number.
fn short_names<'a>(names: impl Iterator<Item = (u32, &'a str)>) -> BTreeMap<u32, String> {
    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    let mut short = BTreeMap::new();
    for (id, name) in names {
        let letters = name.chars().flat_map(char::to_uppercase).map(plain);
        let mut text: String = letters.filter(char::is_ascii_alphanumeric).take(20).collect();
        if text.is_empty() || taken.contains_key(&text) {
            text.push_str(&id.to_string());
        }
        taken.insert(text.clone(), id);
        short.insert(id, text);
    }
    short
}

/// A capital letter without its accent, as far as French has them.
fn plain(letter: char) -> char {
    match letter {
        'À' | 'Â' | 'Ä' => 'A',
        'Ç' => 'C',
        'É' | 'È' | 'Ê' | 'Ë' => 'E',
        'Î' | 'Ï' => 'I',
        'Ô' | 'Ö' => 'O',
        'Ù' | 'Û' | 'Ü' => 'U',
        other => other,
    }
}
