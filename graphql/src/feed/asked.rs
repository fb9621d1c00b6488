//! What is asked of the feed.

use std::time::Duration;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::Deserialize;

use crate::gate::Fault;
use crate::types::EventKind;

/// Events of a batch unless another number is asked for.
const LIMIT: usize = 500;
/// Most events of a batch.
const LIMIT_MAX: usize = 2_000;
/// Longest wait for an event, in seconds.
const WAIT_MAX: u64 = 30;

/// The query as it was sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parameters {
    after: Option<String>,
    limit: Option<String>,
    kinds: Option<String>,
    wait: Option<String>,
}

/// The query as it is meant.
#[derive(Clone)]
pub(super) struct Asked {
    /// Position of the first event that is wanted.
    pub(super) from: u64,
    /// Most events of a batch, if it was said.
    limit: Option<usize>,
    /// Numbers of the kinds; all kinds if there are none.
    kinds: Vec<u16>,
    /// Their names, as they were sent.
    pub(super) kind_names: String,
    /// How long to wait for an event when there is none.
    pub(super) wait: Duration,
}

impl Asked {
    pub(super) fn read(parameters: Result<Query<Parameters>, QueryRejection>) -> Result<Self, Fault> {
        let Query(parameters) = parameters.map_err(|error| Fault::bad(error.body_text()))?;
        let number = |name: &str, value: Option<&str>, most: u64| match value {
            None => Ok(None),
            Some(text) => match text.parse::<u64>() {
                Ok(number) if number <= most && text.bytes().all(|digit| digit.is_ascii_digit()) => {
                    Ok(Some(number))
                }
                _ => Err(Fault::bad(format!("{name}: state a whole number up to {most}"))),
            },
        };
        let after = number("after", parameters.after.as_deref(), u64::MAX - 1)?;
        let limit = number("limit", parameters.limit.as_deref(), LIMIT_MAX as u64)?;
        let wait = number("wait", parameters.wait.as_deref(), WAIT_MAX)?;
        if limit == Some(0) {
            return Err(Fault::bad(format!("limit: state 1 to {LIMIT_MAX}")));
        }
        let kind_names = parameters.kinds.unwrap_or_default();
        let named = kind_names.split(',').filter(|name| !name.is_empty());
        let kinds = named.map(|name| {
            let kind = EventKind::find(&name.to_ascii_uppercase());
            kind.map(EventKind::number)
                .ok_or_else(|| Fault::bad(format!("kinds: no kind of event is {name}")))
        });
        Ok(Self {
            from: after.map_or(0, |after| after + 1),
            limit: limit.map(|limit| usize::try_from(limit).unwrap_or(LIMIT_MAX)),
            kinds: kinds.collect::<Result<_, _>>()?,
            kind_names,
            wait: Duration::from_secs(wait.unwrap_or(0)),
        })
    }

    /// Most events of a batch.
    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(LIMIT)
    }

    /// Whether something was asked that only batches have.
    pub(super) fn is_for_batches(&self) -> bool {
        self.limit.is_some() || !self.wait.is_zero()
    }

    /// Whether events of this kind are wanted.
    pub(super) fn takes(&self, kind: u16) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}
