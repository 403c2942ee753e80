//! The arithmetic of the published samples.

mod programs;

use programs::{assert_always, printed};

const DECLARATIONS: &str = "\
host self_h, other_h, out_h : f32[4, 2] pinned
device self, other, out, tmp : f32[4, 2]
stream main, side, upd
event forked, joined
event ready external
";

fn eight(factor: impl Fn(u32) -> &'static str) -> Vec<String> {
    (1..=8).map(|execution| format!("self_h = [{}]", [factor(execution); 8].join(", "))).collect()
}

fn multiples(execution: u32) -> &'static str {
    ["1.1", "2.2", "3.3000002", "4.4", "5.5", "6.6", "7.7", "8.8"][execution as usize - 1]
}

#[test]
fn one_stream_adds_up_over_eight_executions() {
    let text = format!(
        "{DECLARATIONS}
graph add on main mode global {{
  main: copy self_h -> self
  relaxed {{ copy_sync other_h -> other }}
  main: aclnnAdd(self, other, alpha = 1.1) -> out
  main: copy out -> self_h
}}
run {{
  init self_h = 0.0, other_h = 1.0
  repeat 8 {{
    main: execute add
    sync main
    print self_h
  }}
}}
"
    );
    assert_eq!(printed(&text), eight(multiples));
    assert_always(&text, 20, &eight(multiples));
}

#[test]
fn two_streams_add_up_over_eight_executions() {
    let text = format!(
        "{DECLARATIONS}
graph add on main mode global {{
  main: copy self_h -> self
  relaxed {{ copy_sync other_h -> other }}
  main: record forked
  side: wait forked
  side: aclnnAdd(self, other, alpha = 1.1) -> out
  side: record joined
  main: wait joined
  main: copy out -> self_h
}}
run {{
  init self_h = 0.0, other_h = 1.0
  repeat 8 {{
    main: execute add
    sync main
    print self_h
  }}
}}
"
    );
    assert_always(&text, 20, &eight(multiples));
}

/// The value of a whole `f32[4, 2]` after `print`.
fn all(name: &str, value: &str) -> String {
    format!("{name} = [{}]", [value; 8].join(", "))
}

#[test]
fn an_update_changes_alpha_behind_an_external_event() {
    let text = format!(
        "{DECLARATIONS}
graph add on main mode global {{
  main: copy self_h -> self
  relaxed {{ copy_sync other_h -> other }}
  main: aclnnAdd(self, other, alpha = 1.1) -> tmp
  main: wait ready
  main: reset ready
  main: group tail {{ aclnnAdd(tmp, other, alpha = 1.1) -> out }}
  main: copy out -> out_h
}}
run {{
  init self_h = 0.0, other_h = 1.0
  upd: record ready
  main: execute add
  sync main
  print out_h
  main: execute add
  upd: update add.tail {{ aclnnAdd(tmp, other, alpha = 5.5) -> out }}
  upd: record ready
  sync main
  print out_h
}}
"
    );
    assert_always(&text, 20, &[all("out_h", "2.2"), all("out_h", "6.6")]);
}

#[test]
fn an_update_in_stream_order_needs_no_event() {
    let text = format!(
        "{DECLARATIONS}
graph add on main mode global {{
  main: group tail {{ aclnnAdd(self, other, alpha = 1.1) -> out }}
  main: copy out -> out_h
}}
run {{
  init self_h = 1.1, other_h = 1.0
  main: copy self_h -> self
  main: copy other_h -> other
  main: execute add
  sync main
  print out_h
  main: update add.tail {{ aclnnAdd(self, other, alpha = 5.5) -> out }}
  main: execute add
  sync main
  print out_h
}}
"
    );
    assert_eq!(printed(&text), [all("out_h", "2.2"), all("out_h", "6.6")]);
    assert_always(&text, 4, &[all("out_h", "2.2"), all("out_h", "6.6")]);
}

#[test]
fn a_task_between_two_segments_changes_from_execution_to_execution() {
    let text = format!(
        "{DECLARATIONS}
graph g on main mode global {{
  main: copy self_h -> self
  main: copy other_h -> other
  main: aclnnAdd(self, other, alpha = 1.1) -> tmp
  segment
  main: copy out -> out_h
}}
run {{
  init self_h = 0.0, other_h = 1.0
  main: execute g.1
  main: aclnnAdd(tmp, other, alpha = 1.1) -> out
  main: execute g.2
  sync main
  print out_h
  main: execute g.1
  main: aclnnAdd(tmp, other, alpha = 5.5) -> out
  main: execute g.2
  sync main
  print out_h
}}
"
    );
    assert_eq!(printed(&text), [all("out_h", "2.2"), all("out_h", "6.6")]);
}
