//! Profiles, purposes, consents, and how long personal data are kept.

use async_graphql::{Context, Object, Result};

use super::payload::{
    ConsentRecordPayload, ProfileChangePayload, PurposeChangePayload, PurposeRegisterPayload,
    RetentionSetPayload,
};
use super::submit;
use crate::input::{
    ConsentRecordInput, ProfileChangeInput, PurposeChangeInput, PurposeRegisterInput, RetentionSetInput,
};

/// Profiles, purposes, consents, and how long personal data are kept.
#[derive(Default)]
pub(super) struct PeopleMutation;

#[Object]
impl PeopleMutation {
    /// Changes what is known of a person, or makes a new one. The log says which fields changed; their values are in the
    /// vault alone.
    async fn profile_change(
        &self,
        context: &Context<'_>,
        input: ProfileChangeInput,
    ) -> Option<Result<ProfileChangePayload>> {
        submit(context, input).await
    }

    /// Registers a purpose that persons can agree to, with the wording that is put to them.
    async fn purpose_register(
        &self,
        context: &Context<'_>,
        input: PurposeRegisterInput,
    ) -> Option<Result<PurposeRegisterPayload>> {
        submit(context, input).await
    }

    /// Changes a purpose for later consents.
    async fn purpose_change(
        &self,
        context: &Context<'_>,
        input: PurposeChangeInput,
    ) -> Option<Result<PurposeChangePayload>> {
        submit(context, input).await
    }

    /// Records that a person agrees to a purpose, or does not. The latest by when it was said counts.
    async fn consent_record(
        &self,
        context: &Context<'_>,
        input: ConsentRecordInput,
    ) -> Option<Result<ConsentRecordPayload>> {
        submit(context, input).await
    }

    /// Says how long data of a class of persons are kept, whatever the program proposes.
    async fn retention_set(
        &self,
        context: &Context<'_>,
        input: RetentionSetInput,
    ) -> Option<Result<RetentionSetPayload>> {
        submit(context, input).await
    }
}
