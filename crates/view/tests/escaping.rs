//! Whatever names a dump holds, every format is well-formed and holds nothing but what it should.

mod fixture;
mod page;

use acg_view::{Format, Options};
use fixture::draw;
use page::page_data;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Names as they should not be, and any others.
fn text() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(vec![
        "</script><script>alert(1)</script>",
        "<!--",
        "]]>",
        "\"",
        "\\",
        "\\\"",
        "&quot;&#0;",
        "\u{0}\u{1}\u{1b}[0m\u{7f}\u{85}",
        "\u{202e}\u{2066}\u{feff}\u{ffff}\u{2028}",
        "#quot;`*_",
        "\"]; a --> b; end",
        "\n---\nend\n",
        "%%{init: {}}%%",
        "subgraph end",
        "\\N\\G\\l",
        "{{TITLE}}$&$1",
    ]);
    prop_oneof![awkward.prop_map(str::to_owned), any::<String>(), "[\\x00-\\x7f]{0,12}"]
}

/// A dump of two streams with the given names, one record and one wait.
fn dump(names: &[String; 3], info: &str) -> String {
    let record = |stream: i32, task: u32, name: &str, task_type: &str, info: &str| {
        json!({
            "name": name, "pid": "1 aclGraph", "tid": format!("stream{stream}"), "ts": 0, "dur": 9.5, "ph": "X",
            "args": { "Model Id": 0, "Stream Id": stream, "Task Id": task, "Task Type": task_type, "ExtendInfo": info },
        })
    };
    let records = json!([
        record(5, 0, "EVENT_WAIT_1", "EVENT_WAIT", ""),
        record(5, 1, &names[0], "KERNEL_AIVEC", info),
        record(5, 2, "EVENT_RECORD_2", "EVENT_RECORD", ""),
        record(4, 0, &names[1], &names[2], ""),
        record(4, 1, "EVENT_RECORD_1", "EVENT_RECORD", ""),
        record(4, 2, "EVENT_WAIT_2", "EVENT_WAIT", ""),
    ]);
    // Pretty-printed, so that names are read as JSON rather than as the runtime leaves them.
    serde_json::to_string_pretty(&records).expect("values can be written")
}

/// What stands outside of strings in Graphviz's language; `None` where a string does not end.
fn outside_of_strings(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '"' {
            out.push(character);
            continue;
        }
        out.push('S');
        loop {
            match characters.next()? {
                '\\' => drop(characters.next()?),
                '"' => break,
                _ => {}
            }
        }
    }
    Some(out)
}

fn check_svg(svg: &str) -> Result<(), TestCaseError> {
    let document = roxmltree::Document::parse(svg).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
    prop_assert_eq!(count("script"), 0);
    prop_assert_eq!(count("svg"), 1);
    // A box for each of the six tasks, each with its name.
    let boxes =
        document.descendants().filter(|node| node.attribute("transform").is_some_and(|at| at.contains(',')));
    prop_assert_eq!(boxes.filter(|node| node.children().any(|child| child.has_tag_name("title"))).count(), 6);
    Ok(())
}

fn check_page(page: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(page.matches("<script").count(), 2);
    prop_assert_eq!(page.matches("</script").count(), 2);
    prop_assert_eq!(page.matches("<!--").count(), 0);
    let data = page_data(page);
    prop_assert_eq!(data.find(['<', '>', '&', '\n', '\u{2028}']), None);
    let data: Value = serde_json::from_str(data).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(data["sections"][0]["items"].as_array().map(Vec::len), Some(6));
    prop_assert_eq!(data["sections"][0]["arrows"].as_array().map(Vec::len), Some(2));
    Ok(())
}

fn check_dot(dot: &str) -> Result<(), TestCaseError> {
    let Some(rest) = outside_of_strings(dot) else {
        return Err(TestCaseError::fail("a string does not end"));
    };
    let known = |character: char| character.is_ascii_alphanumeric() || " \n{}[]=,->_.#".contains(character);
    prop_assert!(rest.chars().all(known), "{}", rest);
    prop_assert_eq!(rest.matches('{').count(), rest.matches('}').count());
    prop_assert_eq!(rest.matches("[label").count(), 6);
    Ok(())
}

fn check_mermaid(mermaid: &str) -> Result<(), TestCaseError> {
    let lines: Vec<&str> = mermaid.lines().collect();
    prop_assert_eq!((lines[0], lines[2], lines[3]), ("---", "---", "flowchart LR"));
    let mut open = 0;
    for line in &lines[4..] {
        let line = line.trim_start();
        open += i32::from(line.starts_with("subgraph g0")) - i32::from(line == "end");
        let is_known =
            line.starts_with("g0n") || line.starts_with("class") || line.starts_with("subgraph g0");
        prop_assert!(is_known || line == "end", "{}", line);
        prop_assert!(line.matches('"').count() % 2 == 0 && line.matches('"').count() <= 2, "{}", line);
    }
    prop_assert_eq!(open, 0);
    prop_assert_eq!(mermaid.matches("==>").count(), 2);
    Ok(())
}

fn check_trace(trace: &str) -> Result<(), TestCaseError> {
    let trace: Value = serde_json::from_str(trace).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let none = Vec::new();
    let events = trace["traceEvents"].as_array().unwrap_or(&none);
    let of = |phase: &str| events.iter().filter(|event| event["ph"] == phase).collect::<Vec<_>>();
    prop_assert_eq!(of("X").len(), 6);
    for (start, end) in of("s").into_iter().zip(of("f")) {
        prop_assert_eq!(&start["id"], &end["id"]);
        prop_assert!(start["ts"].as_u64() < end["ts"].as_u64());
        for half in [start, end] {
            let within = |slice: &&&Value| {
                let from = slice["ts"].as_u64().unwrap_or(u64::MAX);
                let to = from.saturating_add(slice["dur"].as_u64().unwrap_or(0));
                slice["tid"] == half["tid"] && (from..to).contains(&half["ts"].as_u64().unwrap_or(0))
            };
            prop_assert_eq!(of("X").iter().filter(within).count(), 1);
        }
    }
    prop_assert_eq!((of("s").len(), of("f").len()), (2, 2));
    Ok(())
}

proptest! {
    #[test]
    fn every_format_is_well_formed(names in [text(), text(), text()], info in text(), title in text()) {
        // A type of another kind would change what is drawn.
        prop_assume!(!["EVENT", "NOTIFY", "NOP", "MEM_", "CAPTURE", "IPC"].iter().any(|word| names[2].contains(word)));
        let dump = dump(&names, &info);
        let of = |format| draw(&title, &dump, format, Options::default()).text;
        check_svg(&of(Format::Svg))?;
        check_page(&of(Format::Html))?;
        check_dot(&of(Format::Dot))?;
        check_mermaid(&of(Format::Mermaid))?;
        check_trace(&of(Format::Perfetto))?;
    }
}
