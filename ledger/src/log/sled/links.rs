//! Follows the chain through stored records.

use soticket_schema::{OrganisationId, RecordView};

use super::page::Page;
use crate::log::{Head, LogError};

/// A point of an organisation's chain that records are checked against, one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChainCheck {
    organisation: OrganisationId,
    head: Head,
}

impl ChainCheck {
    /// Continues from `head`, which is taken to be right.
    pub(super) fn from(organisation: OrganisationId, head: Head) -> Self {
        Self { organisation, head }
    }

    /// Where the records checked so far lead.
    pub(super) fn head(&self) -> Head {
        self.head
    }

    /// Checks the records of `page` from the current position on; the page must hold it.
    pub(super) fn follow(&mut self, page: &Page) -> Result<(), LogError> {
        let (mut rest, mut position) = (page.records(), page.key.first);
        if position > self.head.length {
            return Err(LogError::PageGap { organisation: self.organisation, position: self.head.length });
        }
        while !rest.is_empty() {
            let (record, after) =
                RecordView::split(rest).map_err(|error| self.malformed(position, &error))?;
            if position >= self.head.length {
                self.follow_record(&record)?;
            }
            rest = after;
            position += 1;
        }
        if position == page.end() {
            Ok(())
        } else {
            Err(page.key.damaged("the page's record count is wrong"))
        }
    }

    fn follow_record(&mut self, record: &RecordView<'_>) -> Result<(), LogError> {
        let envelope = &record.envelope;
        let continues = envelope.organisation == self.organisation
            && envelope.position == self.head.length
            && envelope.previous == self.head.hash;
        if !continues {
            return Err(LogError::LinkBroken { organisation: self.organisation, position: self.head.length });
        }
        self.head = Head::after(record);
        Ok(())
    }

    fn malformed(&self, position: u64, error: &dyn std::fmt::Display) -> LogError {
        LogError::RecordMalformed { organisation: self.organisation, position, reason: error.to_string() }
    }
}

/// The head that a page's last record makes.
pub(super) fn head_of(page: &Page) -> Result<Head, LogError> {
    let mut rest = page.records();
    let mut last = None;
    let mut count = 0;
    while !rest.is_empty() {
        let (record, after) =
            RecordView::split(rest).map_err(|error| page.key.damaged(&error.to_string()))?;
        (last, rest, count) = (Some(record), after, count + 1);
    }
    let last = last.filter(|record| {
        count == page.count
            && record.envelope.organisation == page.key.organisation
            && record.envelope.position + 1 == page.end()
    });
    last.map(|record| Head::after(&record))
        .ok_or_else(|| page.key.damaged("the page's records belong elsewhere"))
}
