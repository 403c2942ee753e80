//! The graphs of files that the user names: those of dumps as they are, those of programs and logs as they are predicted.

use std::path::{Path, PathBuf};

use acg_check::measures::Graph;
use acg_check::{CompileOptions, FileId, Graphs, Kind, NoGraphs, Sources, TargetChoice};
use anyhow::{Result, bail};

use crate::input::{self, Input};
use crate::tell;

/// The graphs in `files`, file by file, never none; `None` if standard error says why one of the files has none.
pub(crate) fn read(
    sources: &Sources,
    files: &[(FileId, Kind)],
    choice: &TargetChoice,
    options: &CompileOptions,
) -> Result<Option<Graphs>> {
    match acg_check::graphs_of(sources, files, choice, options) {
        Err(NoGraphs(diagnostics)) => {
            tell::diagnostics(&diagnostics, sources)?;
            Ok(None)
        }
        Ok(found) if found.graphs.is_empty() => {
            bail!("there is no graph; a log needs a call of `aclmdlRIDebugJsonPrint` that will succeed")
        }
        Ok(found) => {
            tell::irregular(&found.irregular, sources)?;
            Ok(Some(found))
        }
    }
}

/// A file that is read, of whose graphs one may be asked for.
pub(crate) struct Selection {
    /// What the user calls it.
    pub(crate) name: String,
    input: Input,
    wanted: Option<String>,
}

impl Selection {
    /// Reads `file`: a path, `-` for standard input, or one of both with a colon and the name of one of its graphs, or for a
    /// log the path of a dump that it prints.
    pub(crate) fn open(file: &Path) -> Result<Self> {
        let (path, wanted) = split(file);
        let input = input::read(&path, None)?;
        let name =
            wanted.as_ref().map_or_else(|| input.name.clone(), |graph| format!("{}:{graph}", input.name));
        Ok(Self { name, input, wanted })
    }

    /// What language it is in.
    pub(crate) fn kind(&self) -> Kind {
        self.input.kind
    }

    /// The graphs that are asked for, never none, of a program as `options` compile it; `None` if standard error says why there
    /// are none.
    pub(crate) fn graphs(
        self,
        choice: &TargetChoice,
        options: &CompileOptions,
    ) -> Result<Option<Vec<Graph>>> {
        let Input { name, text, kind } = self.input;
        let mut sources = Sources::new();
        let file = sources.add(name, text);
        let Some(Graphs { mut graphs, .. }) = read(&sources, &[(file, kind)], choice, options)? else {
            return Ok(None);
        };
        if let Some(wanted) = self.wanted {
            let labels: Vec<_> = graphs.iter().map(label).collect();
            graphs.retain(|graph| label(graph) == wanted);
            if graphs.is_empty()
                && kind == Kind::Log
                && let Ok(printed) = acg_check::graph_printed(&sources, file, &wanted, choice)
            {
                graphs.extend(printed);
            }
            if graphs.is_empty() {
                let name = &sources.file(file).name;
                bail!("{name} has no graph `{wanted}`; it has {}", labels.join(", "));
            }
        }
        Ok(Some(graphs))
    }
}

/// What a graph is called within its file: by its name, or by the number of its model.
pub(crate) fn label(graph: &Graph) -> String {
    graph.own_name.clone().unwrap_or_else(|| graph.trace.dump.model.to_string())
}

/// The path, and the name of the graph behind it. A file that is there is never taken apart.
fn split(file: &Path) -> (PathBuf, Option<String>) {
    let parts = file.to_str().filter(|_| !file.exists()).and_then(|text| text.rsplit_once(':'));
    match parts {
        Some((path, graph)) if path == "-" || Path::new(path).exists() => {
            (path.into(), Some(graph.to_owned()))
        }
        _ => (file.to_owned(), None),
    }
}
