//! Reads pages: the one that holds a position, the last of an organisation, and all from a position on.

use sled::IVec;
use soticket_schema::OrganisationId;

use super::page::{Page, PageKey};
use super::store::{Part, Store};
use crate::log::LogError;

impl Store {
    /// The organisations that have pages, by one seek each.
    pub(super) fn organisations(&self) -> Result<Vec<OrganisationId>, LogError> {
        let mut found = Vec::new();
        let mut next = self.first()?;
        while let Some((key, _)) = next {
            let organisation = parse_key(&key)?.0.organisation;
            found.push(organisation);
            next = self.behind(&PageKey::end_of(organisation))?;
        }
        Ok(found)
    }

    /// The last page of an organisation.
    pub(super) fn last_page(&self, organisation: OrganisationId) -> Result<Option<Page>, LogError> {
        self.page_before(organisation, u64::MAX)
    }

    /// The last page of an organisation that begins before `position`.
    pub(super) fn page_before(
        &self,
        organisation: OrganisationId,
        position: u64,
    ) -> Result<Option<Page>, LogError> {
        let bound = PageKey { organisation, first: position }.chunk(0);
        let Some((key, value)) = self.before(&bound)? else { return Ok(None) };
        let (key, chunk) = parse_key(&key)?;
        if key.organisation != organisation {
            return Ok(None);
        }
        if chunk == 0 {
            return self.page(key, value).map(Some);
        }
        let first_chunk = self.get(Part::Pages, &key.chunk(0))?;
        let value = first_chunk.ok_or_else(|| key.damaged("the first chunk of the page is missing"))?;
        self.page(key, value).map(Some)
    }

    fn page(&self, key: PageKey, first_chunk: IVec) -> Result<Page, LogError> {
        Page::decode(key, first_chunk, |chunk| self.get(Part::Pages, &chunk))
    }
}

/// Walks an organisation's pages from a position up to a durable length, without gaps.
pub(super) struct PageWalk<'a> {
    store: &'a Store,
    organisation: OrganisationId,
    next: u64,
    until: u64,
    entries: Option<sled::Iter>,
}

impl<'a> PageWalk<'a> {
    pub(super) fn new(store: &'a Store, organisation: OrganisationId, from: u64, until: u64) -> Self {
        Self { store, organisation, next: from, until, entries: None }
    }

    /// The next page: it holds the position behind the page before, which a merge may have put further inside.
    pub(super) fn next(&mut self) -> Result<Option<Page>, LogError> {
        if self.next >= self.until {
            return Ok(None);
        }
        let page = match self.entry_at_next()? {
            Some(page) => page,
            None => self.seek()?,
        };
        self.next = page.end();
        Ok(Some(page))
    }

    /// The page that begins exactly at the next position, if the iteration comes upon it.
    fn entry_at_next(&mut self) -> Result<Option<Page>, LogError> {
        let Some(entries) = &mut self.entries else { return Ok(None) };
        while let Some((key, value)) = self.store.advance(entries)? {
            self.store.touch(&key)?;
            let (key, chunk) = parse_key(&key)?;
            if key.first == self.next && chunk == 0 {
                return self.store.page(key, value).map(Some);
            }
            if key.first >= self.next {
                break;
            }
        }
        Ok(None)
    }

    /// Looks the page up by position: at the start, and where a merge beside this walk has moved the pages.
    fn seek(&mut self) -> Result<Page, LogError> {
        let organisation = self.organisation;
        let page = self.store.page_before(organisation, self.next + 1)?;
        let page = page.filter(|page| page.end() > self.next);
        let page = page.ok_or(LogError::PageGap { organisation, position: self.next })?;
        let behind = PageKey { organisation, first: page.end() }.chunk(0);
        self.entries = Some(self.store.range(&behind, &PageKey::end_of(organisation)));
        Ok(page)
    }
}

fn parse_key(key: &[u8]) -> Result<(PageKey, u16), LogError> {
    PageKey::parse(key).ok_or_else(|| LogError::RecordMalformed {
        organisation: OrganisationId::default(),
        position: 0,
        reason: format!("a key of {} bytes is among the pages", key.len()),
    })
}
