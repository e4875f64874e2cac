//! What is asked: a request read from a body or from the query string, and held to the limits
//! (GraphQL over HTTP, section *Request*).

use aggregates::shared::Fact;
use async_graphql::{
    Positioned, Request, Value, Variables,
    parser::types::{
        ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
    },
};
use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, StatusCode, header},
};
use serde::Deserialize;
use serde_json::Map;

use super::answer::Refused;
use crate::{config::Config, troubles};

/// The parameters of a request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    query: String,
    operation_name: Option<String>,
    variables: Option<Map<String, serde_json::Value>>,
    extensions: Option<Map<String, serde_json::Value>>,
}

impl From<Parameters> for Request {
    fn from(parameters: Parameters) -> Self {
        let Parameters { query, operation_name, variables, extensions } = parameters;
        let mut request = Self::new(query);
        request.operation_name = operation_name;
        let variables = serde_json::Value::Object(variables.unwrap_or_default());
        request.variables = Variables::from_json(variables);
        let extensions = extensions.unwrap_or_default().into_iter();
        let extensions =
            extensions.map(|(name, value)| (name, Value::from_json(value).unwrap_or_default()));
        request.extensions.extend(extensions);
        request
    }
}

/// The parameters in a query string, JSON where they are no texts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InQueryString {
    /// The document.
    pub query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// Reads a request from a query string; a mutation may not come so, and a subscription only where its
/// answers can be streamed, which is seen later.
pub(super) fn from_query_string(
    config: &Config,
    parameters: InQueryString,
) -> Result<Request, Refused> {
    let InQueryString { query, operation_name, variables, extensions } = parameters;
    let query = query.ok_or_else(|| unreadable("the parameter `query` is missing"))?;
    let map = |text: Option<String>| {
        let map = text.filter(|text| !text.is_empty()).map(|text| serde_json::from_str(&text));
        map.transpose().map_err(unreadable)
    };
    let (variables, extensions) = (map(variables)?, map(extensions)?);
    let operation_name = operation_name.filter(|name| !name.is_empty());
    let request = Request::from(Parameters { query, operation_name, variables, extensions });
    let mut request = within_limits(config, request)?;
    match operation_type(&mut request) {
        Some(OperationType::Query | OperationType::Subscription) | None => Ok(request),
        Some(OperationType::Mutation) => {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            Err(Refused::new(status, troubles::BAD_REQUEST_METHOD, &[]))
        }
    }
}

/// Reads a request from a body: JSON in UTF-8, no longer than the limit.
pub(super) async fn from_body(
    config: &Config,
    headers: &HeaderMap,
    body: Body,
) -> Result<Request, Refused> {
    if !is_json(headers) {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Refused::new(status, troubles::BODY_NOT_JSON, &[]));
    }
    let most = config.max_body_bytes;
    let body: Bytes = to_bytes(body, most).await.map_err(|_| {
        let most = Fact::new("most", most);
        Refused::new(StatusCode::PAYLOAD_TOO_LARGE, troubles::BODY_TOO_LARGE, &[most])
    })?;
    let text =
        std::str::from_utf8(&body).map_err(|_| Refused::bad(troubles::BODY_NOT_UTF8, &[]))?;
    // A list would be read as a request, field by field.
    if !text.trim_start().starts_with('{') {
        return Err(unreadable("it is no JSON object"));
    }
    let parameters: Parameters = serde_json::from_str(text).map_err(unreadable)?;
    within_limits(config, parameters.into())
}

/// A request that is none; the cause is for developers.
pub(super) fn unreadable(cause: impl std::fmt::Display) -> Refused {
    Refused::bad(troubles::BODY_NOT_GRAPHQL, &[]).with_detail(cause)
}

/// Whether the body says that it is JSON, in UTF-8 if it says in what.
fn is_json(headers: &HeaderMap) -> bool {
    let stated = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = stated.unwrap_or_default().split(';').map(str::trim);
    let json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    json && parts.all(|part| {
        let charset = part.to_ascii_lowercase();
        let charset =
            charset.strip_prefix("charset=").map(|name| name.trim_matches('"').to_owned());
        charset.is_none_or(|name| name == "utf-8")
    })
}

/// The first variable of the operation that has to have a value and has none: what can't be coerced never
/// runs (GraphQL, section 6.1.2).
pub(super) fn missing_variable(request: &mut Request) -> Option<String> {
    let variables = request.variables.clone();
    let operation = operation(request)?;
    let definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
    let mut missing = definitions.filter(|definition| {
        let given = variables.get(&definition.name.node).is_some_and(|value| *value != Value::Null);
        !definition.var_type.node.nullable && definition.default_value.is_none() && !given
    });
    missing.next().map(|definition| definition.name.node.to_string())
}

/// What kind of operation would run; none where the document can't be read, which its run tells.
pub(super) fn operation_type(request: &mut Request) -> Option<OperationType> {
    operation(request).map(|operation| operation.ty)
}

/// What the operation that would run is called, if it has a name, up to what a line of the log can bear.
pub(super) fn operation_name(request: &mut Request) -> Option<String> {
    const MOST: usize = 100;
    let named = request.operation_name.clone();
    let mut names = request.parsed_query().ok()?.operations.iter().map(|(name, _)| name);
    let found = names.find(|name| match (&named, name) {
        (Some(wanted), Some(name)) => name.as_str() == wanted,
        (wanted, _) => wanted.is_none(),
    });
    found.flatten().map(|name| name.chars().take(MOST).collect())
}

/// Whether the operation that would run has one root field and nothing else (GraphQL, section 5.2.3.1).
pub(super) fn has_one_field(request: &mut Request) -> bool {
    let items = operation(request).map(|operation| operation.selection_set.node.items.as_slice());
    let field = |selection: &Positioned<Selection>| matches!(selection.node, Selection::Field(_));
    // What can't be read is told by its run.
    items.is_none_or(|items| items.len() == 1 && items.iter().all(field))
}

/// The operation that would run.
fn operation(request: &mut Request) -> Option<&OperationDefinition> {
    let named = request.operation_name.clone();
    let mut operations = request.parsed_query().ok()?.operations.iter();
    let found = operations.find(|(name, _)| {
        named.as_ref().is_none_or(|wanted| name.is_some_and(|name| name.as_str() == wanted))
    });
    found.map(|(_, operation)| &operation.node)
}

/// What no request may hold: U+0000, which PostgreSQL can't keep, and too many renamed fields.
pub(super) fn within_limits(config: &Config, mut request: Request) -> Result<Request, Refused> {
    let nul = request.query.contains('\0') || request.query.contains("\\u0000");
    if nul || request.variables.values().any(holds_nul) {
        return Err(Refused::bad(troubles::HAS_NUL, &[]));
    }
    let most = config.max_aliases;
    let aliases = request.parsed_query().map_or(0, count_aliases);
    if aliases > most {
        let facts = [Fact::new("aliases", aliases), Fact::new("most", most)];
        return Err(Refused::bad(troubles::TOO_MANY_ALIASES, &facts));
    }
    Ok(request)
}

/// What no request may hold: PostgreSQL can't keep it.
pub(crate) fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::List(values) => values.iter().any(holds_nul),
        Value::Object(fields) => fields.values().any(holds_nul),
        _ => false,
    }
}

fn count_aliases(document: &ExecutableDocument) -> usize {
    fn within(set: &SelectionSet) -> usize {
        let selections = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) => {
                usize::from(field.node.alias.is_some()) + within(&field.node.selection_set.node)
            }
            Selection::InlineFragment(fragment) => within(&fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => 0,
        });
        selections.sum()
    }
    let operations = document.operations.iter();
    let operations = operations.map(|(_, operation)| within(&operation.node.selection_set.node));
    let fragments = document.fragments.values();
    let fragments = fragments.map(|fragment| within(&fragment.node.selection_set.node));
    operations.sum::<usize>() + fragments.sum::<usize>()
}
