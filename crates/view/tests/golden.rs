//! The pictures of small dumps, `tests/golden/NAME.json`, against files next to them; `BLESS=1` rewrites those.
//!
//! Of a page only what its script draws is compared; the rest of it is the same for every graph.

mod fixture;
mod page;

use std::path::{Path, PathBuf};

use acg_view::{Format, Options};
use fixture::draw;
use page::page_data;

const FORMATS: [(Format, &str); 5] = [
    (Format::Svg, "svg"),
    (Format::Html, "html"),
    (Format::Dot, "dot"),
    (Format::Mermaid, "mmd"),
    (Format::Perfetto, "perfetto"),
];

fn dumps() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut dumps: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    dumps.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    dumps.sort();
    assert!(!dumps.is_empty(), "there are dumps to draw");
    dumps
}

#[test]
fn pictures_are_as_before() {
    let mut wrong = Vec::new();
    for path in dumps() {
        let text = std::fs::read_to_string(&path).expect("the dump is text");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        for (format, extension) in FORMATS {
            let options = Options { pack: name == "packed" };
            let rendered = draw(&name, &text, format, options).text;
            let found =
                if format == Format::Html { page_data(&rendered).to_owned() + "\n" } else { rendered };
            let expected = path.with_extension(if format == Format::Html { "page" } else { extension });
            if std::env::var_os("BLESS").is_some() {
                std::fs::write(&expected, found).expect("the picture can be written");
                continue;
            }
            let before = std::fs::read_to_string(&expected).unwrap_or_default();
            if before != found {
                let diff = similar::TextDiff::from_lines(&before, &found);
                wrong.push(format!("{}:\n{}", expected.display(), diff.unified_diff()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}BLESS=1 accepts this (- expected, + found)", wrong.join("\n"));
}

#[test]
fn drawing_twice_gives_the_same_bytes() {
    for path in dumps() {
        let text = std::fs::read_to_string(&path).expect("the dump is text");
        for (format, _) in FORMATS {
            let options = Options::default();
            assert_eq!(draw("x", &text, format, options), draw("x", &text, format, options));
        }
    }
}

#[test]
fn a_page_loads_nothing_and_holds_its_script_once() {
    let text = std::fs::read_to_string(&dumps()[0]).expect("the dump is text");
    let page = draw("a </title><script>", &text, Format::Html, Options::default()).text;
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script>").count(), 2);
    assert!(page.contains("default-src 'none'"));
    for forbidden in ["http://", "https://", "src=", "@import", "url(", "innerHTML"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

/// A dump of `count` kernels on one stream.
fn kernels(count: usize) -> String {
    let record = |task: usize| {
        format!(
            r#"{{"name":"k","pid":"1 aclGraph","tid":"stream1","ts":0,"dur":9.5,"ph":"X","args":{{"Model Id":0,"Stream Id":1,"Task Id":{task},"Task Type":"KERNEL_AIVEC"}}}}"#
        )
    };
    format!("[{}]", (0..count).map(record).collect::<Vec<_>>().join(",\n"))
}

#[test]
fn mermaid_says_what_renderers_refuse() {
    let remarks = |count| draw("x", &kernels(count), Format::Mermaid, Options::default()).remarks;
    assert!(remarks(501).is_empty());
    assert_eq!(remarks(502), ["Mermaid draws 500 edges unless `maxEdges` is raised; this graph has 501"]);
    assert_eq!(remarks(3000).len(), 2);
}

/// The parser of Graphviz runs out of memory where one statement has some thousands of edges.
#[test]
fn long_streams_are_several_statements_of_graphviz() {
    for count in [1, 2, 500, 501, 502, 1001, 3000] {
        let dot = draw("x", &kernels(count), Format::Dot, Options::default()).text;
        let edges: Vec<usize> = dot.lines().map(|line| line.matches(" -> ").count()).collect();
        assert_eq!(edges.iter().sum::<usize>(), count - 1);
        assert!(edges.iter().all(|&edges| edges <= 500));
    }
}
