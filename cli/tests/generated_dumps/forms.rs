//! One dump in the forms in which tools leave it.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use fastrand::Rng;

/// A file with the same graph.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// Every form of `text` that says the same; it is a dump as the runtime prints it, with the order of its closing resets left open.
pub(crate) fn forms(text: &str, rng: &mut Rng) -> Vec<Form> {
    let mut forms = vec![
        Form { name: "other resets first", bytes: shuffle_resets(text, rng).into_bytes() },
        Form { name: "carriage returns", bytes: text.replace('\n', "\r\n").into_bytes() },
        Form { name: "on one line", bytes: text.replace('\n', " ").into_bytes() },
        Form { name: "gzip", bytes: compressed(text) },
        Form { name: "a chrome trace", bytes: format!("{{\"traceEvents\":{text}}}").into_bytes() },
        Form { name: "byte order mark", bytes: format!("\u{feff}{text}").into_bytes() },
    ];
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return forms };
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    forms.push(Form { name: "pretty gzip", bytes: compressed(&pretty) });
    if let Some(records) = value.as_array() {
        forms.push(Form { name: "aligned", bytes: aligned(records.clone()).into_bytes() });
    }
    forms.push(Form { name: "pretty", bytes: pretty.into_bytes() });
    forms
}

fn compressed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// With new times, flow events and marks, as the aligner of `torch_npu` leaves it.
fn aligned(mut records: Vec<serde_json::Value>) -> String {
    let mut at = std::collections::BTreeMap::new();
    let mut arrows = Vec::new();
    for record in &mut records {
        let time: &mut f64 = at.entry(record["tid"].to_string()).or_insert(0.0);
        record["ts"] = (*time).into();
        *time += record["dur"].as_f64().unwrap_or(9.5) + 0.2;
        if record["name"].as_str().is_some_and(|name| name.starts_with("EVENT_RECORD_")) {
            let arrow = |phase: &str| {
                serde_json::json!({"name": "PAIR_1", "cat": "event_record->wait", "ph": phase, "pid": record["pid"],
                    "tid": record["tid"], "ts": record["ts"], "id": 1, "bp": "e"})
            };
            arrows.extend([arrow("s"), arrow("i")]);
        }
    }
    records.extend(arrows);
    serde_json::to_string_pretty(&records).unwrap()
}

/// The resets at the end in another order: what each resets is exchanged.
fn shuffle_resets(text: &str, rng: &mut Rng) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let is_reset = |line: &&str| line.contains("\"Task Type\":\"EVENT_RESET\"");
    // A record of the end may stand behind the resets.
    let Some(last) = lines.iter().rposition(is_reset) else { return text.to_owned() };
    let first = lines[..last].iter().rposition(|line| !is_reset(line)).map_or(0, |at| at + 1);
    let name = |line: &str| line.split('"').nth(3).unwrap_or_default().to_owned();
    // The reset that ends a host function belongs to the wait before it.
    let before = first.checked_sub(1).map(|at| name(lines[at])).unwrap_or_default();
    let first = first + usize::from(before.replace("_WAIT_", "_RESET_") == name(lines[first]));
    let mut names: Vec<String> = lines[first..=last].iter().map(|line| name(line)).collect();
    rng.shuffle(&mut names);
    let renamed: Vec<String> = lines[first..=last]
        .iter()
        .zip(&names)
        .map(|(line, new)| line.replacen(&name(line), new, 1))
        .collect();
    lines.splice(first..=last, renamed.iter().map(String::as_str));
    lines.join("\n")
}

/// `text` with some of its bytes changed as broken disks, editors and fuzzers change them.
pub(crate) fn broken(text: &str, rng: &mut Rng) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=rng.usize(..4) {
        let at = rng.usize(..bytes.len().max(1)).min(bytes.len());
        let end = (at + rng.usize(..40)).min(bytes.len());
        match rng.usize(..8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            3 => number(&mut bytes, at, rng),
            4 => word(&mut bytes, at, rng),
            5 => line(&mut bytes, at, rng),
            _ if at < bytes.len() => {
                bytes[at] = rng.choice(b"\"\\{}[],:0-9eE \n\x00\x7f\xff").copied().unwrap();
            }
            _ => {}
        }
    }
    bytes
}

/// Puts an extreme number in place of the next one.
fn number(bytes: &mut Vec<u8>, at: usize, rng: &mut Rng) {
    let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|skip| at + skip) else { return };
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let extreme: &[u8] = rng
        .choice(&[
            b"0".as_slice(),
            b"-1",
            b"65535",
            b"2147483647",
            b"4294967295",
            b"18446744073709551615",
            b"99999999999999999999999",
            b"1e308",
            b"0.5",
            b"3",
            b"4",
        ])
        .copied()
        .unwrap();
    bytes.splice(start..start + length, extreme.iter().copied());
}

/// Puts another task type or key in place of one.
fn word(bytes: &mut Vec<u8>, at: usize, rng: &mut Rng) {
    const WORDS: [&str; 18] = [
        "EVENT_RECORD",
        "EVENT_WAIT",
        "EVENT_RESET",
        "NOTIFY_RECORD",
        "NOTIFY_WAIT",
        "STREAM_ACTIVE",
        "NOP",
        "CONDITION_OP",
        "HOSTFUNC_CALLBACK",
        "MEM_WAIT_VALUE",
        "MEM_WRITE_VALUE",
        "KERNEL_AIVEC",
        "MODEL_END_GRAPH",
        "CAPTURE_WAIT_EXTERNAL",
        "Numblocks",
        "Stream Id",
        "Active Stream Id",
        "Kernel Args",
    ];
    let (old, new) =
        (rng.choice(&WORDS).copied().unwrap().as_bytes(), rng.choice(&WORDS).copied().unwrap().as_bytes());
    let found = bytes[at..].windows(old.len()).position(|window| window == old);
    if let Some(start) = found.map(|skip| at + skip) {
        bytes.splice(start..start + old.len(), new.iter().copied());
    }
}

/// Removes, doubles or moves a line.
fn line(bytes: &mut Vec<u8>, at: usize, rng: &mut Rng) {
    let ends: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b'\n').collect();
    let Some(pair) = ends.windows(2).find(|pair| pair[0] >= at) else { return };
    let (start, end) = (pair[0], pair[1]);
    let line: Vec<u8> =
        if rng.u32(..100) < 50 { bytes.drain(start..end).collect() } else { bytes[start..end].to_vec() };
    if rng.u32(..100) < 70 {
        let ends: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at] == b'\n').collect();
        if !ends.is_empty() {
            let to = rng.choice(&ends).copied().unwrap();
            bytes.splice(to..to, line);
        }
    }
}
