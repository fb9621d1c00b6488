//! Fields that are withheld from a role: null, with an error that says why, so that the rest of the answer stands. Runs only
//! for requests that ask for such a field in a role that does not get it.

use std::sync::Arc;

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, ResolveInfo,
};
use async_graphql::{
    PathSegment, QueryPathNode, QueryPathSegment, Response, ServerError, ServerResult, Value,
};
use parking_lot::Mutex;

use super::permissions::{Guarding, Permissions};
use super::principal::Principal;
use crate::error::{ErrorCode, field_error};

/// Makes the extension.
pub(crate) struct Withholding(pub(crate) Arc<Permissions>);

impl ExtensionFactory for Withholding {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Withheld { permissions: Arc::clone(&self.0), errors: Mutex::default() })
    }
}

struct Withheld {
    permissions: Arc<Permissions>,
    errors: Mutex<Vec<ServerError>>,
}

impl Withheld {
    fn withholds(&self, context: &ExtensionContext<'_>, info: &ResolveInfo<'_>) -> bool {
        let Some(field) = self.permissions.field(info.parent_type, info.name) else { return false };
        let role = context.data_opt::<Arc<Principal>>().map(|principal| principal.role);
        field.guarding != Guarding::Refused && !role.is_some_and(|role| field.roles.has(role))
    }
}

fn path(node: &QueryPathNode<'_>) -> Vec<PathSegment> {
    let segment = |node: &QueryPathNode<'_>| match node.segment {
        QueryPathSegment::Index(index) => PathSegment::Index(index),
        QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
    };
    let mut path: Vec<PathSegment> = std::iter::once(node).chain(node.parents()).map(segment).collect();
    path.reverse();
    path
}

#[async_graphql::async_trait::async_trait]
impl Extension for Withheld {
    async fn execute(
        &self,
        context: &ExtensionContext<'_>,
        operation: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(context, operation).await;
        response.errors.append(&mut self.errors.lock());
        response
    }

    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        if !self.withholds(context, &info) {
            return next.run(context, info).await;
        }
        let message = format!("{}.{} is not for this role.", info.parent_type, info.name);
        let error = field_error(ErrorCode::Forbidden, message);
        let mut error = error.into_server_error(info.field.name.pos);
        error.path = path(info.path_node);
        self.errors.lock().push(error);
        Ok(Some(Value::Null))
    }
}
