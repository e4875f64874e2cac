//! Files: handed in by the GraphQL multipart request specification, shown by name, size and digest;
//! the bytes come from `/files/{id}`.

use std::{collections::HashMap, sync::Arc};

use aggregates::shared::{Fact, FileId, FileRef, PersonId};
use async_graphql::{
    Context, ID, InputValueError, InputValueResult, Object, Scalar, ScalarType, Value,
};
use tracing::error;

use super::{
    errors::{Fault, internal, top},
    request::Ask,
};
use crate::{
    files::{FileError, FileFlaw, PartOf, Received},
    people::{ERASED, PersonWrite},
    troubles,
};

/// A file of the request (GraphQL multipart request specification): the variable is null, and the
/// request's `map` says which part it stands for. Such a request needs the header `GraphQL-Preflight`.
#[derive(Debug, Clone, PartialEq)]
pub struct Upload(String);

#[Scalar]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(name) => Ok(Self(name)),
            _ => Err(InputValueError::custom("not a file of a multipart request")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// What came of a request's files, by the name that stands in their variables' place.
#[derive(Default)]
pub struct Uploads(pub HashMap<String, Result<Received, FileFlaw>>);

impl Uploads {
    /// The files that are in the store.
    pub fn received(&self) -> impl Iterator<Item = FileId> + '_ {
        self.0.values().filter_map(|received| Some(received.as_ref().ok()?.id))
    }
}

/// What an event holds of a file of the request, and what is written with it.
pub fn handed_in(
    ctx: &Context<'_>,
    upload: &Upload,
    person: PersonId,
    part_of: PartOf,
) -> Result<(FileRef, [PersonWrite; 2]), Fault> {
    let uploads = ctx.data_opt::<Arc<Uploads>>();
    let received = uploads.and_then(|uploads| uploads.0.get(&upload.0));
    let received = received.ok_or_else(|| Fault::user("FILE_NOT_SENT", FIELD))?;
    let received = received.as_ref().map_err(flaw)?;
    Ok(received.handed_in(person, part_of))
}

/// The field in which every mutation that takes a file has it.
const FIELD: &str = "file";

fn flaw(flaw: &FileFlaw) -> Fault {
    match flaw {
        FileFlaw::Empty => Fault::user("FILE_EMPTY", FIELD),
        FileFlaw::TooLarge { most } => {
            Fault::with_facts("FILE_TOO_LARGE", Some(FIELD), vec![Fact::new("most", most)])
        }
        FileFlaw::UnknownKind => Fault::user("FILE_KIND_NOT_TAKEN", FIELD),
        FileFlaw::NameUnsafe => Fault::user("FILE_NAME_UNSAFE", FIELD),
        FileFlaw::NameTooLong { most } => {
            Fault::with_facts("FILE_NAME_TOO_LONG", Some(FIELD), vec![Fact::new("most", most)])
        }
        FileFlaw::BrokeOff(_) => Fault::user("FILE_BROKE_OFF", FIELD),
        FileFlaw::Store(error) => Fault::Top(unavailable(error)),
    }
}

fn unavailable(error: &FileError) -> async_graphql::Error {
    error!(%error, "the store of files failed");
    match error {
        FileError::Store(_) => top(troubles::FILES_UNAVAILABLE),
        _ => internal(),
    }
}

/// A file that was handed in; its bytes come from `/files/{id}`, with the same bearer token.
pub struct StoredFile(pub FileRef);

#[Object]
impl StoredFile {
    /// The file's id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The name it was handed in under.
    async fn name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        let name = ctx.text(self.0.name.id).await?;
        Ok(name.unwrap_or_else(|| ERASED.to_owned()))
    }

    /// How many bytes it has.
    async fn size(&self) -> i64 {
        i64::try_from(self.0.size).unwrap_or(i64::MAX)
    }

    /// What it is, as its bytes say: a media type.
    async fn media_type(&self) -> &'static str {
        self.0.kind.media_type()
    }

    /// SHA-256 of its bytes, in hex.
    async fn sha256(&self) -> &str {
        self.0.sha256.as_str()
    }

    /// Whether the bytes are still in the store.
    async fn available(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let there = ctx.services()?.cabinet.files.is_there(self.0.id).await;
        there.map_err(|error| unavailable(&error))
    }

    /// Where the bytes are.
    async fn path(&self) -> String {
        format!("/files/{}", self.0.id)
    }
}
