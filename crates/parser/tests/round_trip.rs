//! Reading and printing are each other's inverse, comments included.

mod programs;

use acg_diagnostics::{Diagnostic, FileId, Sources};
use acg_ir::BodyId;
use acg_ir::print::{print, print_with_lines};
use acg_parser::{Parsed, format, parse};
use programs::{Choices, program};
use proptest::prelude::*;

fn file() -> FileId {
    Sources::new().add("test.acg", "")
}

fn read(text: &str) -> Parsed {
    let parsed = parse(file(), text);
    let shown: Vec<_> = parsed.diagnostics.iter().map(|found| shown(text, found)).collect();
    assert!(parsed.complete, "{text}\n{shown:#?}");
    parsed
}

fn shown(text: &str, diagnostic: &Diagnostic) -> String {
    let span = diagnostic.primary.span;
    format!(
        "{}: {} at `{}`",
        diagnostic.rule.code,
        diagnostic.message,
        &text[span.start as usize..span.end as usize]
    )
}

/// Statements of a text without what `fmt` may change: blanks and the ends of lines.
fn comments(text: &str) -> Vec<String> {
    let of_line = |line: &str| line.find("//").map(|at| line[at..].trim_end().to_owned());
    text.lines().filter_map(of_line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn printing_what_was_read_reads_the_same(numbers in proptest::collection::vec(any::<u32>(), 0..400)) {
        let text = program(&mut Choices::new(numbers));
        let module = read(&text).module;
        let printed = print(&module);
        let again = read(&printed).module;
        prop_assert_eq!(&print(&again), &printed);
        prop_assert_eq!(comments(&text), comments(&printed));
        prop_assert_eq!(&again.trivia, &module.trivia);
        let mut pairs = module.graphs.values().zip(again.graphs.values());
        prop_assert!(pairs.all(|(one, other)| one.steps == other.steps && one.tasks.len() == other.tasks.len()));
        let steps = |module: &acg_ir::Module| module.run.as_ref().map(|run| run.steps.clone());
        prop_assert_eq!(steps(&module), steps(&again));
        prop_assert!(acg_ir::verify(&module).is_ok());
    }

    #[test]
    fn formatting_twice_changes_nothing(numbers in proptest::collection::vec(any::<u32>(), 0..400)) {
        let text = program(&mut Choices::new(numbers));
        let once = format(file(), &text).unwrap();
        prop_assert_eq!(&format(file(), &once).unwrap(), &once);
        prop_assert!(once.lines().all(|line| line == line.trim_end()));
        prop_assert!(!once.contains("\n\n\n"));
    }

    #[test]
    fn each_task_is_printed_on_the_line_that_is_said(numbers in proptest::collection::vec(any::<u32>(), 0..400)) {
        let module = read(&program(&mut Choices::new(numbers))).module;
        let printed = print_with_lines(&module);
        let lines: Vec<&str> = printed.text.lines().collect();
        for (id, body) in module.bodies() {
            for task in body.program() {
                let line = match id {
                    BodyId::Graph(graph) => printed.lines[graph][task],
                    BodyId::Run => printed.run_lines[task],
                };
                let line = lines[line as usize - 1];
                prop_assert!(line.contains(&acg_ir::print::task(&module, body, task)), "{line}");
            }
        }
    }
}

#[test]
fn canonical_text_stays_as_it_is() {
    let text = "\
// A file.
target ascend910b cann \"9.1\"

host a_h : f32[4, 2] pinned
device a, b : f32[4, 2]
stream main, side
event e, f

// Copies, then adds.
graph g on main mode global {
  main: copy a_h -> a // in
  relaxed { copy_sync a_h -> b } // now
  main: record e
  side { wait e }
  side {
    // Why.
    record f
  }

  side {
    aclnnAdd(a, b, alpha = 1.1) -> a [kernel = \"Add_ab12\", cost = 12.5us]
    fill b = 0
  }
  main: wait f
  // end
}
// after
";
    assert_eq!(format(file(), text).unwrap(), text);
}
