//! What a student does with a thesis: documents, the work, receipts, sending it (manual 2.14.1).

use aggregates::{
    shared::{FileRef, PersonId, ThesisId},
    thesis_check::ThesisCheckCommand,
};
use async_graphql::{Context, ID, Object};

use super::{
    errors::Fault,
    files::{Upload, handed_in},
    mutation::{Done, InputObjectWithKey, Plan, run},
    request::{Ask, input_id},
    settings::Language,
    theses::{DocumentKind, Thesis},
};
use crate::files::PartOf;

input! {
    /// A document beside the work.
    AddThesisDocumentInput {
        /// Which thesis.
        thesis_id: ID,
        /// Of which kind; a title page is exactly one file.
        kind: DocumentKind,
        /// The file: PDF, DOCX, PNG or JPEG.
        file: Upload,
    }
}

input! {
    /// A document that is taken back.
    RemoveThesisDocumentInput {
        /// Which thesis.
        thesis_id: ID,
        /// Which file.
        file_id: ID,
    }
}

input! {
    /// The work.
    UploadThesisWorkInput {
        /// Which thesis.
        thesis_id: ID,
        /// The file, PDF or DOCX, without title page and appendices.
        file: Upload,
        /// The language it is written in.
        language: Language,
    }
}

input! {
    /// The receipt of a paid attempt.
    AttachThesisReceiptInput {
        /// Which thesis.
        thesis_id: ID,
        /// The file: PDF, DOCX, PNG or JPEG.
        file: Upload,
    }
}

input! {
    /// What is done with a thesis.
    ThesisInput {
        /// Which.
        thesis_id: ID,
    }
}

payload! {
    /// What came of it.
    ThesisPayload {
        /// The thesis.
        thesis: Thesis,
    }
}

/// What a student does with a thesis.
#[derive(Default)]
pub struct HandingInMutations;

#[Object]
impl HandingInMutations {
    /// Hands a document in that has to stand beside the work.
    async fn add_thesis_document(
        &self,
        ctx: &Context<'_>,
        input: AddThesisDocumentInput,
    ) -> async_graphql::Result<Option<ThesisPayload>> {
        let kind = input.kind.into();
        let command = |file| ThesisCheckCommand::AddDocument { kind, file };
        with_file(ctx, &input, &input.thesis_id, &input.file, command).await
    }

    /// Takes a document back.
    async fn remove_thesis_document(
        &self,
        ctx: &Context<'_>,
        input: RemoveThesisDocumentInput,
    ) -> async_graphql::Result<Option<ThesisPayload>> {
        let done = run(ctx, &input, async {
            let (thesis, _) = own(ctx, &input.thesis_id).await?;
            let file = input_id(&input.file_id, "fileId")?;
            let act = ThesisCheckCommand::RemoveDocument { file }.of(thesis);
            Ok(Plan::of(vec![act], thesis))
        });
        shown(ctx, done.await?).await
    }

    /// Hands the work in, or again before it is sent; the first time opens the first attempt.
    async fn upload_thesis_work(
        &self,
        ctx: &Context<'_>,
        input: UploadThesisWorkInput,
    ) -> async_graphql::Result<Option<ThesisPayload>> {
        let language = input.language.into();
        let command = |file| ThesisCheckCommand::UploadWork { file, language };
        with_file(ctx, &input, &input.thesis_id, &input.file, command).await
    }

    /// Hands in the receipt of a paid attempt.
    async fn attach_thesis_receipt(
        &self,
        ctx: &Context<'_>,
        input: AttachThesisReceiptInput,
    ) -> async_graphql::Result<Option<ThesisPayload>> {
        let command = |file| ThesisCheckCommand::AttachReceipt { file };
        with_file(ctx, &input, &input.thesis_id, &input.file, command).await
    }

    /// Sends the work to the check: it uses the attempt up.
    async fn send_thesis_to_check(
        &self,
        ctx: &Context<'_>,
        input: ThesisInput,
    ) -> async_graphql::Result<Option<ThesisPayload>> {
        let done = run(ctx, &input, async {
            let (thesis, _) = own(ctx, &input.thesis_id).await?;
            Ok(Plan::of(vec![ThesisCheckCommand::Send.of(thesis)], thesis))
        });
        shown(ctx, done.await?).await
    }
}

/// Hands a file in with the asker's own thesis.
async fn with_file(
    ctx: &Context<'_>,
    input: &impl InputObjectWithKey,
    thesis: &ID,
    upload: &Upload,
    command: impl FnOnce(FileRef) -> ThesisCheckCommand + Send,
) -> async_graphql::Result<Option<ThesisPayload>> {
    let done = run(ctx, input, async {
        let (thesis, student) = own(ctx, thesis).await?;
        let (file, written) = handed_in(ctx, upload, student, PartOf::Thesis(thesis))?;
        Ok(Plan::of(vec![command(file).of(thesis)], thesis).writing(written))
    });
    shown(ctx, done.await?).await
}

/// A thesis of the asker's own, and who that is.
async fn own(ctx: &Context<'_>, id: &ID) -> Result<(ThesisId, PersonId), Fault> {
    let about = Thesis::meant(ctx, id).await?.about()?.of();
    if about.student == ctx.viewer()?.person {
        Ok((about.id, about.student))
    } else {
        Err(Fault::user("NOT_YOURS", "thesisId"))
    }
}

/// The payload of what came of it.
pub async fn shown(
    ctx: &Context<'_>,
    mut done: Done,
) -> async_graphql::Result<Option<ThesisPayload>> {
    let thesis = done.show(0, |id| Thesis::load(ctx, id)).await?;
    Ok(Some(ThesisPayload::of(done, thesis)))
}
