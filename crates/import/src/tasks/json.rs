//! A task graph as the JSON that it is read from.

use std::fmt::Write;

use acg_ir::List;

use super::graph::{TaskGraph, TaskRecord, Text};

impl TaskGraph {
    /// The graph as JSON, a record a line.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(self.tasks.len() * 160);
        out.push('{');
        for (key, text) in [("name", self.name), ("source", self.source)] {
            if let Some(text) = text {
                let _ = write!(out, "\"{key}\":");
                self.text(&mut out, text);
                out.push_str(",\n");
            }
        }
        array(&mut out, "tasks", &self.tasks, |out, task| self.task(out, task));
        out.push_str(",\n");
        array(&mut out, "buffers", &self.buffers, |out, buffer| {
            out.push_str("{\"name\":");
            self.text(out, buffer.name);
            let _ = write!(out, ",\"bytes\":{}", buffer.bytes);
            self.field(out, "io", buffer.io);
            out.push('}');
        });
        if let Some(edges) = &self.edges {
            out.push_str(",\n");
            array(&mut out, "edges", edges, |out, (from, to)| {
                let _ = write!(out, "[{from},{to}]");
            });
        }
        out.push_str("}\n");
        out
    }

    fn task(&self, out: &mut String, task: &TaskRecord) {
        let _ = write!(out, "{{\"id\":{},\"name\":", task.id);
        self.text(out, task.name);
        self.field(out, "kind", task.kind);
        if let Some(cost) = task.cost {
            let _ = write!(out, ",\"cost_us\":{}.{:03}", cost / 1000, cost % 1000);
        }
        if let Some(cores) = task.cores {
            let _ = write!(out, ",\"cores\":{cores}");
        }
        self.field(out, "engine", task.engine);
        self.names(out, "reads", task.reads);
        self.names(out, "writes", task.writes);
        out.push('}');
    }

    fn field(&self, out: &mut String, key: &str, text: Option<Text>) {
        if let Some(text) = text {
            let _ = write!(out, ",\"{key}\":");
            self.text(out, text);
        }
    }

    fn names(&self, out: &mut String, key: &str, names: List<Text>) {
        let _ = write!(out, ",\"{key}\":[");
        for (at, &name) in names.of(&self.accesses).iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            self.text(out, name);
        }
        out.push(']');
    }

    fn text(&self, out: &mut String, text: Text) {
        // A text always becomes JSON.
        out.push_str(&serde_json::to_string(self.texts.text(text)).unwrap_or_default());
    }
}

fn array<T>(out: &mut String, key: &str, elements: &[T], mut write: impl FnMut(&mut String, &T)) {
    let _ = write!(out, "\"{key}\":[");
    for (at, element) in elements.iter().enumerate() {
        out.push_str(if at > 0 { ",\n" } else { "\n" });
        write(out, element);
    }
    out.push(']');
}
