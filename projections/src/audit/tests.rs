//! Given events, then the entries of the journal.
