//! Tables of msprof become costs.

mod corpus;

use acg_diagnostics::Sources;
use acg_import::{AppliedCosts, CostTable, CostsError};
use acg_ir::Module;

const PROGRAM: &str = "\
device a, b : f32[8]
host h : f32[8]

graph g auto {
  copy h -> a as up [cost = 1us]
  kernel \"MatMul_1\"(a) -> b
  kernel \"MatMul_1\"(b) -> a [cost = 9us, engine = cube]
  aclnnAdd(a, b) -> b [kernel = \"Add_ab12\"]
  aclnnMul(a, b) -> b
  aclnnRelu(a) -> b [name = \"layer/Relu:0\"]
  copy a -> h as down
}
";

fn parsed() -> Module {
    let file = Sources::new().add("program.acg", PROGRAM);
    let parsed = acg_parser::parse(file, PROGRAM);
    assert!(parsed.complete, "{:#?}", parsed.diagnostics);
    parsed.module
}

fn applied(table: &str) -> (Result<AppliedCosts, CostsError>, Vec<String>) {
    let mut module = parsed();
    let applied = CostTable::read(table.as_bytes()).map(|table| table.apply(&mut module));
    let text = acg_ir::print::print(&corpus::reread("costs", &module));
    (applied, text.lines().filter(|line| line.starts_with("  ")).map(|line| line.trim().to_owned()).collect())
}

#[test]
fn tasks_are_found_by_name_and_then_by_type() {
    let table = "\u{feff}Device_id,Model ID,Task ID,Stream ID,Op Name,OP Type,OP State,Task Type,Task Start Time(us),Task Duration(us),Input Shapes
0,1,1,2,MatMul_1,MatMulV2,static,AI_CORE,\"10.5\t\",10.5,\"4,2;2,3\"
0,1,2,2,MatMul_1,MatMulV2,static,AI_CORE,20,11.5,\"4,2;2,3\"
0,1,3,2,Add_ab12,Add,static,AI_VECTOR_CORE,30,2.0004,\"\"
0,1,4,2,aclnnMul_MulAiCore_Mul,Mul,dynamic,AI_VECTOR_CORE,30,3,\"\"
0,1,5,2,layer/Relu:0,Relu,dynamic,AI_VECTOR_CORE,30,4,\"\"
0,1,6,2,other,Other,dynamic,AI_VECTOR_CORE,30,4,\"\"
0,1,6,2,up,,dynamic,MEMCPY,30,N/A,\"\"
";
    let (applied, lines) = applied(table);
    let applied = applied.unwrap();
    assert_eq!((applied.tasks, applied.of), (5, 7));
    let remarks: Vec<_> = applied.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        remarks,
        [
            "assumed: 2 tasks are not in the table and keep the cost of the program, such as `copy h -> a as up [cost = 1us]`",
            "left out: 1 operator of the table is no task of the program, such as `other`",
            "left out: 1 row of the table has no duration",
        ]
    );
    assert_eq!(
        lines,
        [
            "copy h -> a as up [cost = 1us]",
            "kernel \"MatMul_1\"(a) -> b [cost = 11us]",
            "kernel \"MatMul_1\"(b) -> a [cost = 11us, engine = cube]",
            "aclnnAdd(a, b) -> b [kernel = \"Add_ab12\", cost = 2us]",
            "aclnnMul(a, b) -> b [cost = 3us]",
            "aclnnRelu(a) -> b [name = \"layer/Relu:0\", cost = 4us]",
            "copy a -> h as down",
        ]
    );
}

#[test]
fn headings_of_other_releases_and_tools_are_understood() {
    for heading in [
        "Name,Type,Accelerator Core,Duration(us)",
        "Op Name,OP Type,Task Type,Task Duration(us)",
        "op_name , op_type,task_type,task_duration",
    ] {
        let (applied, lines) = applied(&format!("{heading}\r\nup,MEMCPY,SDMA,5.25\r\n"));
        assert_eq!(applied.unwrap().tasks, 1, "{heading}");
        assert_eq!(lines[0], "copy h -> a as up [cost = 5.25us]", "{heading}");
    }
    let (_, lines) = applied("Op Name,Task Duration(ns)\ndown,1500\n");
    assert_eq!(lines[6], "copy a -> h as down [cost = 1.5us]");
}

#[test]
fn what_is_no_table_of_durations_is_refused() {
    let error = |table| applied(table).0.unwrap_err().to_string();
    assert_eq!(error("a,b\n1,2\n"), "the table has no column `Op Name`; its columns are `a`, `b`");
    assert_eq!(
        error("Op Name,OP Type\n1,2\n"),
        "the table has no column `Task Duration(us)`; its columns are `Op Name`, `OP Type`"
    );
    assert!(error("").starts_with("the table has no column"));
    let odd = applied("Op Name,Task Duration(us)\nup\nup,-1\nup,inf\n,3\n\u{0},\u{0}\n").0.unwrap();
    assert_eq!(odd.tasks, 0);
    assert!(
        odd.remarks.iter().any(|remark| remark.text == "5 rows of the table have no duration"),
        "{odd:?}"
    );
}
