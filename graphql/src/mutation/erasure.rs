//! Persons who are to be forgotten.

use async_graphql::{Context, Object, Result};

use super::payload::SubjectErasePayload;
use super::submit;
use crate::input::SubjectEraseInput;

/// Persons who are to be forgotten.
#[derive(Default)]
pub(super) struct ErasureMutation;

#[Object]
impl ErasureMutation {
    /// Forgets a person, for ever: e-mail, name, telephone and codes are gone from the data folder when this returns.
    /// Backups count as erased once `Customer.erasedInBackupsAt` says so. What was sold stays in the books, as
    /// somebody's. Refused while money is open, and while the person has tickets for shows to come, cards, gift cards or
    /// vouchers that they do not give up.
    async fn subject_erase(
        &self,
        context: &Context<'_>,
        input: SubjectEraseInput,
    ) -> Option<Result<SubjectErasePayload>> {
        submit(context, input).await
    }
}
