//! Whole sessions with the server, over channels instead of pipes.

use std::path::Path;

use acg_check::{Levels, TargetChoice};
use acg_lsp::{Connection, Settings, serve};
use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};

const PROGRAM: &str = "stream main, side\nevent e\ndevice d : f32[8]\ngraph g on main {\n  main: record e\n  side: wait e\n  side: fill d = 0\n}\n";

fn settings(_: &Path) -> Result<Settings, String> {
    let choice = TargetChoice::new(None, None).map_err(|error| error.to_string())?;
    Ok(Settings { choice, levels: Levels::new(acg_check::rules()) })
}

/// An editor with a server behind it.
struct Editor {
    connection: Connection,
    server: std::thread::JoinHandle<Result<(), acg_lsp::Failure>>,
    requests: i32,
}

impl Editor {
    fn start() -> Self {
        Self::start_with(settings)
    }

    fn start_with(settings: fn(&Path) -> Result<Settings, String>) -> Self {
        let (connection, other) = Connection::memory();
        let server = std::thread::spawn(move || serve(&other, &settings));
        let mut editor = Self { connection, server, requests: 0 };
        let capabilities = editor.ask("initialize", json!({"capabilities": {}}));
        assert_eq!(capabilities.unwrap()["capabilities"]["textDocumentSync"], 1);
        editor.tell("initialized", json!({}));
        editor
    }

    fn tell(&self, method: &str, params: Value) {
        self.connection.sender.send(Notification::new(method.to_owned(), params).into()).unwrap();
    }

    /// The result of a request, or the code of the error.
    fn ask(&mut self, method: &str, params: Value) -> Result<Value, i32> {
        self.requests += 1;
        self.connection
            .sender
            .send(Request::new(self.requests.into(), method.to_owned(), params).into())
            .unwrap();
        loop {
            if let Message::Response(response) = self.connection.receiver.recv().unwrap() {
                return response.response_result.map_err(|error| error.code);
            }
        }
    }

    fn open(&self, name: &str, text: &str) {
        let document =
            json!({"uri": format!("file:///w/{name}"), "languageId": "acg", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// What the server says next without being asked.
    fn published(&self) -> Value {
        match self.connection.receiver.recv().unwrap() {
            Message::Notification(notification) => notification.params,
            other => panic!("diagnostics were expected, not {other:?}"),
        }
    }

    fn end(mut self) {
        self.ask("shutdown", Value::Null).unwrap();
        self.tell("exit", Value::Null);
        self.server.join().unwrap().unwrap();
    }
}

#[test]
fn a_document_is_checked_when_it_is_opened_and_when_it_changes() {
    let editor = Editor::start();
    editor.open("g.acg", PROGRAM);
    let published = editor.published();
    assert_eq!((&published["uri"], &published["version"]), (&json!("file:///w/g.acg"), &json!(1)));
    let found = &published["diagnostics"][0];
    assert_eq!((&found["code"], &found["severity"]), (&json!("ACG030"), &json!(1)));
    assert_eq!(found["range"]["start"], json!({"line": 7, "character": 0}));
    assert!(found["message"].as_str().unwrap().contains("107025"), "{found}");
    assert_eq!(found["relatedInformation"][0]["location"]["range"]["start"]["line"], 5);

    let joined = PROGRAM.replace("= 0\n", "= 0\n  side: record e\n  main: wait e\n");
    let identifier = json!({"uri": "file:///w/g.acg", "version": 2});
    editor.tell(
        "textDocument/didChange",
        json!({"textDocument": identifier, "contentChanges": [{"text": joined}]}),
    );
    let published = editor.published();
    assert_eq!((&published["version"], &published["diagnostics"]), (&json!(2), &json!([])));

    editor.tell("textDocument/didClose", json!({"textDocument": {"uri": "file:///w/g.acg"}}));
    assert_eq!(editor.published()["diagnostics"], json!([]));
    editor.end();
}

#[test]
fn columns_are_utf_16_units() {
    let editor = Editor::start();
    editor.open("g.acg", "/* 𝒜 */ nonsense\n");
    let found = &editor.published()["diagnostics"][0];
    let line: Vec<u16> = "/* 𝒜 */ nonsense".encode_utf16().collect();
    let end = found["range"]["end"]["character"].as_u64().unwrap() as usize;
    assert!(end <= line.len(), "{found}");
    editor.open("log.calls", "aclrtCreateStream(&`𝒜`) = 0\naclmdlRICaptureBegin(`𝒜`, NULL_) = 0\n");
    let published = editor.published();
    let found = &published["diagnostics"][0];
    assert_eq!(found["range"]["start"], json!({"line": 1, "character": 27}), "{published}");
    editor.end();
}

#[test]
fn a_program_is_laid_out_and_one_that_cannot_be_read_is_left_alone() {
    let mut editor = Editor::start();
    let ask = |editor: &mut Editor, name: &str| {
        let document = json!({"uri": format!("file:///w/{name}")});
        let options = json!({"tabSize": 2, "insertSpaces": true});
        editor.ask("textDocument/formatting", json!({"textDocument": document, "options": options})).unwrap()
    };
    editor.open("g.acg", &PROGRAM.replace("  side: wait", "side:    wait"));
    let edits = ask(&mut editor, "g.acg");
    assert_eq!(edits[0]["range"]["start"], json!({"line": 0, "character": 0}));
    assert!(edits[0]["newText"].as_str().unwrap().contains("\n  side: wait e\n"), "{edits}");
    let laid_out = edits[0]["newText"].as_str().unwrap().to_owned();
    editor.open("h.acg", &laid_out);
    assert_eq!(ask(&mut editor, "h.acg"), json!([]));
    editor.open("bad.acg", "graph {");
    assert_eq!(ask(&mut editor, "bad.acg"), Value::Null);
    editor.end();
}

#[test]
fn the_pointer_shows_operators_functions_rules_and_codes() {
    let mut editor = Editor::start();
    let text = "// acg: allow(ACG031)\ndevice a : f32[8]\ngraph g auto {\n  aclnnRelu(a) -> a\n}\n";
    editor.open("g.acg", text);
    editor.open("l.calls", "aclrtCreateStream(&s) = 107025\n");
    let at = |editor: &mut Editor, name: &str, line: u32, character: u32| {
        let document = json!({"uri": format!("file:///w/{name}")});
        let position = json!({"line": line, "character": character});
        let answer =
            editor.ask("textDocument/hover", json!({"textDocument": document, "position": position}));
        answer.unwrap()["contents"]["value"].as_str().map(str::to_owned)
    };
    let relu = at(&mut editor, "g.acg", 3, 5).unwrap();
    assert!(relu.contains("aclnnRelu(") && relu.contains("->"), "{relu}");
    assert!(at(&mut editor, "g.acg", 0, 16).unwrap().contains("join-record-not-waited"));
    assert_eq!(at(&mut editor, "g.acg", 2, 1), None);
    assert_eq!(at(&mut editor, "g.acg", 99, 0), None);
    assert!(at(&mut editor, "l.calls", 0, 3).unwrap().contains("aclrtCreateStream("));
    assert!(at(&mut editor, "l.calls", 0, 25).unwrap().contains("ACL_ERROR_RT_STREAM_UNJOINED"));
    editor.end();
}

#[test]
fn wrong_settings_unknown_requests_and_wrong_parameters_are_answered() {
    let mut editor = Editor::start_with(|_| Err("acg.toml is wrong".to_owned()));
    editor.open("g.acg", PROGRAM);
    assert_eq!(editor.published()["diagnostics"][0]["message"], "acg.toml is wrong");
    assert_eq!(editor.ask("textDocument/rename", json!({})), Err(-32601));
    assert_eq!(editor.ask("textDocument/hover", json!(7)), Err(-32602));
    editor.tell("workspace/didChangeConfiguration", json!({}));
    editor.end();
}
