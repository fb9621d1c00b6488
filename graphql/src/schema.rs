//! The GraphQL schema with its limits, and its text.

use std::sync::Arc;

use async_graphql::{SDLExportOptions, Schema, SchemaBuilder, ValidationMode};

use crate::access::Withholding;
use crate::core::Core;
use crate::limits::{ALIASES_MAX, COMPLEXITY_MAX, DEPTH_MAX, DIRECTIVES_MAX, PAGE_DEFAULT, PAGE_MAX};
use crate::mutation::MutationRoot;
use crate::query::QueryRoot;
use crate::subscription::SubscriptionRoot;

/// The schema of the service.
pub(crate) type ApiSchema = Schema<QueryRoot, MutationRoot, SubscriptionRoot>;

/// The schema over a core.
pub(crate) fn build(core: Arc<Core>) -> ApiSchema {
    limited(core).finish()
}

/// The same for requests that are known to pass the rules: it checks the limits only. Nothing may be asked about it.
pub(crate) fn build_for_proven(core: Arc<Core>) -> ApiSchema {
    limited(core)
        .validation_mode(ValidationMode::Fast)
        // Only spares a search through all types, for keys of federation, with every field of the root.
        .enable_federation()
        .finish()
}

/// The same for requests that ask for something that is withheld from their principal.
pub(crate) fn build_withholding(core: Arc<Core>) -> ApiSchema {
    let withholding = Withholding(Arc::clone(&core.permissions));
    limited(core).extension(withholding).finish()
}

fn limited(core: Arc<Core>) -> SchemaBuilder<QueryRoot, MutationRoot, SubscriptionRoot> {
    Schema::build(QueryRoot, MutationRoot::default(), SubscriptionRoot)
        .data(core)
        .limit_depth(DEPTH_MAX)
        .limit_complexity(COMPLEXITY_MAX)
        .limit_aliases(ALIASES_MAX)
        .limit_directives(DIRECTIVES_MAX)
        // Guessing field names for a stranger tells more than the error does.
        .disable_suggestions()
}

/// The schema as text, sorted: what `schema/schema.graphql` holds.
pub fn sdl() -> String {
    let schema = Schema::build(QueryRoot, MutationRoot::default(), SubscriptionRoot).finish();
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .prefer_single_line_descriptions()
        .use_space_ident();
    schema.sdl_with_options(options)
}

/// How many nodes a page may have: what its children cost is times this.
pub(crate) fn page_cost(first: Option<i32>, last: Option<i32>) -> usize {
    let size = first.or(last).and_then(|size| usize::try_from(size).ok()).unwrap_or(PAGE_DEFAULT);
    size.clamp(1, PAGE_MAX)
}
