//! A walk through a JSON document that names the path of everything that is missing or wrong, not only of the first.

use std::cell::RefCell;

use serde_json::Value;
use soticket_schema::limits::NAME_BYTES_MAX;
use soticket_schema::{Amount, Currency, Rate, Timestamp};

use super::field;
use super::files::Files;
use super::refusal::{Fault, Place, Refusal, quoted};

/// A JSON file with what was found wrong in it.
#[derive(Debug)]
pub(crate) struct Document {
    place: Place,
    root: Value,
    problems: RefCell<Vec<Refusal>>,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// The file is missing, unreadable or no JSON.
    pub(crate) fn read(files: &Files, file: &str) -> Result<Self, Refusal> {
        let place = Place::file(file);
        let bytes = files.read(file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => place.refuse(Fault::FileMissing, "there is no such file"),
            _ => place.refuse(Fault::FileUnreadable, error.to_string()),
        })?;
        Self::parse(file, &bytes)
    }

    /// Reads JSON text, with or without a byte order mark.
    ///
    /// # Errors
    /// The text is no UTF-8 or no JSON.
    pub(crate) fn parse(file: &str, bytes: &[u8]) -> Result<Self, Refusal> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let place = Place::file(file);
        let text = std::str::from_utf8(bytes)
            .map_err(|error| place.refuse(Fault::Utf8Invalid, format!("byte {}", error.valid_up_to())))?;
        let root = serde_json::from_str(text).map_err(|error| {
            Place::line(file, error.line() as u64).refuse(Fault::JsonInvalid, error.to_string())
        })?;
        Ok(Self { place, root, problems: RefCell::default() })
    }

    /// The document itself.
    pub(crate) fn root(&self) -> Node<'_> {
        Node { document: self, value: Some(&self.root), path: String::new() }
    }

    /// How much was found wrong so far.
    pub(crate) fn problem_count(&self) -> usize {
        self.problems.borrow().len()
    }

    /// What was found wrong, in the order in which it was looked at.
    pub(crate) fn into_problems(self) -> Vec<Refusal> {
        self.problems.into_inner()
    }
}

/// A value of the document, or the place where one should be.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    document: &'a Document,
    value: Option<&'a Value>,
    path: String,
}

impl<'a> Node<'a> {
    /// Where it stands; the column is the path, such as `tariffs[4].price`.
    pub(crate) fn place(&self) -> Place {
        self.document.place.column(&self.path)
    }

    /// Notes that this value cannot be used.
    pub(crate) fn refuse(&self, fault: Fault, message: impl Into<String>) {
        self.document.problems.borrow_mut().push(self.place().refuse(fault, message));
    }

    /// Whether there is a value that is not null.
    pub(crate) fn is_there(&self) -> bool {
        self.value.is_some_and(|value| !value.is_null())
    }

    /// A field, there or not.
    pub(crate) fn field(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { document: self.document, value: self.value.and_then(|value| value.get(name)), path }
    }

    /// The items of a list; a list that is missing or none is noted.
    pub(crate) fn items(&self) -> Vec<Self> {
        match self.value {
            Some(Value::Array(items)) => {
                (0..).zip(items).map(|(index, item)| self.item(index, item)).collect()
            }
            _ => {
                self.refuse(Fault::JsonField, "a list is needed");
                Vec::new()
            }
        }
    }

    /// The items of a list that may be missing.
    pub(crate) fn optional_items(&self) -> Vec<Self> {
        if self.is_there() { self.items() } else { Vec::new() }
    }

    fn item(&self, index: usize, item: &'a Value) -> Self {
        Self { document: self.document, value: Some(item), path: format!("{}[{index}]", self.path) }
    }

    /// Names and values of an object that may be missing.
    pub(crate) fn entries(&self) -> Vec<(&'a str, Self)> {
        let Some(Value::Object(fields)) = self.value else { return Vec::new() };
        fields.keys().map(|name| (name.as_str(), self.field(name))).collect()
    }

    /// A text that must be there and not be empty.
    pub(crate) fn text(&self) -> String {
        let text = self.optional_text();
        if text.is_empty() && self.value.is_none_or(|value| value.is_string() || value.is_null()) {
            self.refuse(Fault::JsonField, "a text is needed");
        }
        text
    }

    /// A text, empty when it is missing. Numbers are taken as their digits.
    pub(crate) fn optional_text(&self) -> String {
        self.long_text(NAME_BYTES_MAX)
    }

    /// As [`Self::optional_text`], of at most `limit` bytes.
    pub(crate) fn long_text(&self, limit: usize) -> String {
        match self.value {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => match field::text(text, limit) {
                Ok(text) => text,
                Err(fault) => {
                    self.refuse(fault, quoted(text));
                    String::new()
                }
            },
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => {
                self.refuse(Fault::JsonField, "a text is needed");
                String::new()
            }
        }
    }

    /// An amount of the currency that is not negative.
    pub(crate) fn amount(&self, currency: Currency) -> Amount {
        self.read("an amount such as \"24.00\"", |text| field::amount(text, currency))
    }

    /// A percentage between 0 and 100.
    pub(crate) fn percent(&self) -> Rate {
        self.read("a percentage such as \"5.5\"", field::percent)
    }

    /// An instant with an offset.
    pub(crate) fn time(&self) -> Timestamp {
        self.read("an instant such as 2026-03-14T20:30:00+01:00", field::time)
    }

    /// A whole number.
    pub(crate) fn count(&self) -> u32 {
        self.read("a whole number", field::count)
    }

    /// A name that must be there, cut to what the ledger takes: other systems allow longer ones.
    pub(crate) fn name(&self) -> String {
        let Some(Value::String(text)) = self.value else { return self.text() };
        let mut name: String = text.trim().chars().filter(|c| !c.is_control()).collect();
        let mut end = NAME_BYTES_MAX.min(name.len());
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        name.truncate(end);
        if name.is_empty() {
            self.refuse(Fault::JsonField, "a name is needed");
        }
        name
    }

    /// Yes or no; no when it is missing.
    pub(crate) fn flag(&self) -> bool {
        match self.value {
            None | Some(Value::Null) => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.refuse(Fault::JsonField, "true or false is needed");
                false
            }
        }
    }

    /// One of the words of a list.
    pub(crate) fn word<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text();
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() && !text.is_empty() {
            self.refuse(Fault::WordUnknown, format!("{} is none of {}", quoted(&text), listed(words)));
        }
        found
    }

    /// Reads the text or number with `parse`; what is missing or wrong is noted and gives the default.
    fn read<T: Default>(&self, wanted: &str, parse: impl Fn(&str) -> Result<T, Fault>) -> T {
        let text = match self.value {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => {
                self.refuse(Fault::JsonField, format!("{wanted} is needed"));
                return T::default();
            }
        };
        parse(&text).unwrap_or_else(|fault| {
            self.refuse(fault, quoted(&text));
            T::default()
        })
    }
}

/// The words of a list, for a message.
pub(crate) fn listed<T>(words: &[(&str, T)]) -> String {
    words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}
