//! Requests and notifications, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, Notification as _, PublishDiagnostics,
};
use lsp_types::request::{Formatting, HoverRequest, Request as _};
use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DocumentFormattingParams, HoverParams, HoverProviderCapability, OneOf, PublishDiagnosticsParams,
    ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::document::Document;
use crate::{SettingsOf, diagnostics, formatting, hover};

/// Why a server stopped before it was told to.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The editor does not keep to the protocol, or is gone.
    #[error("the editor does not keep to the protocol: {0}")]
    Protocol(#[from] lsp_server::ProtocolError),
    /// A message that is not what the protocol says.
    #[error("a message cannot be read or written: {0}")]
    Message(#[from] serde_json::Error),
    /// The editor hung up.
    #[error("the editor is gone")]
    Gone,
}

/// What the server can do.
fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        document_formatting_provider: Some(OneOf::Left(true)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        ..ServerCapabilities::default()
    }
}

/// Serves an editor until it asks for the end.
///
/// # Errors
///
/// An editor that does not keep to the protocol, or hangs up.
pub fn serve(connection: &Connection, settings: &SettingsOf<'_>) -> Result<(), Failure> {
    connection.initialize(serde_json::to_value(capabilities())?)?;
    let mut server = Server { connection, settings, documents: BTreeMap::new(), unchecked: BTreeSet::new() };
    while let Ok(message) = connection.receiver.recv() {
        if let Message::Request(request) = &message
            && connection.handle_shutdown(request)?
        {
            return Ok(());
        }
        server.take(message)?;
        if connection.receiver.is_empty() {
            server.check()?;
        }
    }
    Err(Failure::Gone)
}

struct Server<'s> {
    connection: &'s Connection,
    settings: &'s SettingsOf<'s>,
    /// By their addresses.
    documents: BTreeMap<String, (Uri, Document)>,
    /// Those that have changed since they were checked.
    unchecked: BTreeSet<String>,
}

impl Server<'_> {
    fn take(&mut self, message: Message) -> Result<(), Failure> {
        match message {
            Message::Request(request) => self.answer(request),
            Message::Notification(notification) => self.note(notification),
            Message::Response(_) => Ok(()),
        }
    }

    fn answer(&mut self, request: Request) -> Result<(), Failure> {
        let id = request.id.clone();
        let response = match request.method.as_str() {
            Formatting::METHOD => respond(request, |params: DocumentFormattingParams| {
                formatting::formatting(self.document(&params.text_document.uri)?)
            }),
            HoverRequest::METHOD => respond(request, |params: HoverParams| {
                let at = params.text_document_position_params;
                hover::hover(self.document(&at.text_document.uri)?, at.position)
            }),
            method => {
                let message = format!("acg does not answer {method}");
                Response::new_err(id, ErrorCode::MethodNotFound as i32, message)
            }
        };
        self.send(Message::Response(response))
    }

    fn note(&mut self, notification: Notification) -> Result<(), Failure> {
        match notification.method.as_str() {
            DidOpenTextDocument::METHOD => {
                let opened =
                    serde_json::from_value::<DidOpenTextDocumentParams>(notification.params)?.text_document;
                self.change(opened.uri, opened.version, opened.text);
            }
            DidChangeTextDocument::METHOD => {
                let changed = serde_json::from_value::<DidChangeTextDocumentParams>(notification.params)?;
                // The whole text each time, as the capabilities ask for; the last one is what stands there.
                if let Some(text) = changed.content_changes.into_iter().next_back() {
                    self.change(changed.text_document.uri, changed.text_document.version, text.text);
                }
            }
            DidCloseTextDocument::METHOD => {
                let closed = serde_json::from_value::<DidCloseTextDocumentParams>(notification.params)?;
                self.documents.remove(closed.text_document.uri.as_str());
                self.publish(closed.text_document.uri, None, Vec::new())?;
            }
            _ => {}
        }
        Ok(())
    }

    fn document(&self, uri: &Uri) -> Option<&Document> {
        self.documents.get(uri.as_str()).map(|(_, document)| document)
    }

    fn change(&mut self, uri: Uri, version: i32, text: String) {
        let document = Document::new(&uri, version, text);
        self.unchecked.insert(uri.as_str().to_owned());
        self.documents.insert(uri.as_str().to_owned(), (uri, document));
    }

    /// Checks what has changed.
    fn check(&mut self) -> Result<(), Failure> {
        for name in std::mem::take(&mut self.unchecked) {
            let Some((uri, document)) = self.documents.get(&name) else { continue };
            let found = diagnostics::diagnostics(uri, document, self.settings);
            self.publish(uri.clone(), Some(document.version), found)?;
        }
        Ok(())
    }

    fn publish(
        &self,
        uri: Uri,
        version: Option<i32>,
        diagnostics: Vec<lsp_types::Diagnostic>,
    ) -> Result<(), Failure> {
        let params = PublishDiagnosticsParams { uri, diagnostics, version };
        self.send(Message::Notification(Notification::new(PublishDiagnostics::METHOD.to_owned(), params)))
    }

    fn send(&self, message: Message) -> Result<(), Failure> {
        self.connection.sender.send(message).map_err(|_| Failure::Gone)
    }
}

/// The answer to a request whose parameters can be read, and else why not.
fn respond<P: DeserializeOwned, R: Serialize>(request: Request, answer: impl FnOnce(P) -> R) -> Response {
    match serde_json::from_value(request.params) {
        Ok(params) => Response::new_ok(request.id, answer(params)),
        Err(error) => Response::new_err(request.id, ErrorCode::InvalidParams as i32, error.to_string()),
    }
}
