//! `acg lsp` over pipes.

use std::io::{BufReader, Write};
use std::process::{Command, Stdio};

use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};

#[test]
fn an_editor_is_served_until_it_asks_for_the_end() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("acg.toml"), "[lint]\nallow = [\"ACG356\"]\n").unwrap();
    let uri = format!("file://{}/g.acg", directory.path().display());
    let text = "stream main\nevent unused\ngraph g on main {\n  sync main\n}\n";
    let document = json!({"uri": uri, "languageId": "acg", "version": 1, "text": text});
    let mut child = Command::new(env!("CARGO_BIN_EXE_acg"))
        .args(["lsp", "--stdio"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut say = |message: Message| message.write(&mut stdin).unwrap();
    say(Request::new(1.into(), "initialize".to_owned(), json!({"capabilities": {}})).into());
    say(Notification::new("initialized".to_owned(), json!({})).into());
    say(Notification::new("textDocument/didOpen".to_owned(), json!({"textDocument": document})).into());
    assert!(matches!(Message::read(&mut stdout), Ok(Some(Message::Response(_)))));
    let Ok(Some(Message::Notification(published))) = Message::read(&mut stdout) else {
        panic!("diagnostics were expected");
    };
    let codes: Vec<&Value> =
        published.params["diagnostics"].as_array().unwrap().iter().map(|found| &found["code"]).collect();
    assert_eq!(codes, ["ACG080"]);
    say(Request::new(2.into(), "shutdown".to_owned(), Value::Null).into());
    say(Notification::new("exit".to_owned(), Value::Null).into());
    assert!(matches!(Message::read(&mut stdout), Ok(Some(Message::Response(_)))));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn one_that_speaks_something_else_is_told() {
    for input in ["", "hello\n\n", "Content-Length: 2\r\n\r\n{}"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_acg"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{input:?}");
        assert!(String::from_utf8(output.stderr).unwrap().starts_with("acg: "), "{input:?}");
    }
}
