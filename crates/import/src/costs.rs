//! Measured times become the costs of tasks.
//!
//! `msprof` writes what every operator took into `op_summary_*.csv`; `kernel_details.csv` of `torch_npu`'s profiler has the same table
//! with shorter headings. Headings differ between releases in their ends (`Task Duration(us)`, `Task Start Time`), never in these
//! three: the operator's name, its type, and its duration.

use acg_ir::task_attribute::Tasks;
use acg_ir::{Attribute, Cost, Entity, GraphId, List, Module, Op, Symbol, Task, TaskData, Value};
use csv::ByteRecord;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::remark::{Remark, RemarkKind};

/// What came of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedCosts {
    /// How many tasks have a cost from the table.
    pub tasks: usize,
    /// How many tasks occupy the device.
    pub of: usize,
    /// What to know about the others.
    pub remarks: Vec<Remark>,
}

/// Why a table cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CostsError {
    /// It is no table.
    #[error("line {line}: {cause}; give an `op_summary_*.csv` that msprof wrote")]
    Unreadable {
        /// Where.
        line: u64,
        /// What is wrong.
        cause: String,
    },
    /// It has no column for something that is needed.
    #[error("the table has no column `{wanted}`; its columns are {found}")]
    NoColumn {
        /// The column.
        wanted: &'static str,
        /// The columns that it has.
        found: String,
    },
}

fn remarks(
    module: &Module,
    table: &CostTable,
    applied: &AppliedCosts,
    used: &FxHashSet<usize>,
    first_without: Option<(GraphId, Task)>,
) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut remark = |kind, text| remarks.push(Remark { kind, call: None, text });
    let without = applied.of - applied.tasks;
    if let Some((graph, task)) = first_without {
        let line = acg_ir::print::task(module, &module.graphs[graph], task);
        let keep = if without == 1 {
            "task is not in the table and keeps"
        } else {
            "tasks are not in the table and keep"
        };
        remark(RemarkKind::Assumed, format!("{without} {keep} the cost of the program, such as `{line}`"));
    }
    // An operator's type was not looked for where its name was found.
    let unused = |(row, _): &(usize, &Row)| !used.contains(row) && !used.contains(&table.rows[*row].of_type);
    let unused = table.rows.iter().enumerate().filter(|(_, row)| row.is_name).filter(unused);
    let unused: Vec<&Row> = unused.map(|(_, row)| row).collect();
    if let Some(first) = unused.first() {
        let are = if unused.len() == 1 {
            "operator of the table is no task"
        } else {
            "operators of the table are no tasks"
        };
        remark(
            RemarkKind::LeftOut,
            format!("{} {are} of the program, such as `{}`", unused.len(), first.text),
        );
    }
    if table.skipped > 0 {
        let have = if table.skipped == 1 { "row of the table has" } else { "rows of the table have" };
        remark(RemarkKind::LeftOut, format!("{} {have} no duration", table.skipped));
    }
    remarks
}

/// The attributes of a task with another cost.
fn with_cost(module: &mut Module, data: &TaskData, key: Symbol, cost: Cost) -> List<Attribute> {
    let mut attributes = data.attributes.of(&module.attributes).to_vec();
    let cost = Attribute { name: key, value: Value::Duration(cost) };
    match attributes.iter_mut().find(|attribute| attribute.name == key) {
        Some(attribute) => *attribute = cost,
        None => attributes.push(cost),
    }
    List::push_to(&mut module.attributes, attributes)
}

/// All rows of one name, or of one type.
#[derive(Debug)]
struct Row {
    text: String,
    is_name: bool,
    /// The row of the operator's type; of a type, its own.
    of_type: usize,
    /// In nanoseconds.
    total: u128,
    count: u32,
}

impl Row {
    fn average(&self) -> Cost {
        let count = u128::from(self.count.max(1));
        Cost(u64::try_from((self.total + count / 2) / count).unwrap_or(u64::MAX))
    }
}

/// The durations of a table of `msprof`.
#[derive(Debug, Default)]
pub struct CostTable {
    rows: Vec<Row>,
    by_name: FxHashMap<String, usize>,
    by_type: FxHashMap<String, usize>,
    /// Rows without a duration, `N/A`.
    skipped: usize,
}

impl CostTable {
    /// The table in the bytes of a file.
    ///
    /// # Errors
    ///
    /// A text that is no table, or one without names or durations.
    pub fn read(bytes: &[u8]) -> Result<Self, CostsError> {
        let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
        let columns = Columns::of(reader.byte_headers().map_err(|error| unreadable(&error))?)?;
        let mut table = Self::default();
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).map_err(|error| unreadable(&error))? {
            let cell = |column: Option<usize>| {
                String::from_utf8_lossy(column.and_then(|column| record.get(column)).unwrap_or_default())
            };
            let (name, ty) = (cell(Some(columns.name)), cell(columns.ty));
            match nanoseconds(&cell(Some(columns.duration)), columns.unit) {
                Some(duration) if !name.is_empty() => table.add(&name, &ty, duration),
                _ => table.skipped += 1,
            }
        }
        Ok(table)
    }

    /// Gives the tasks of `module` the durations of the table, averaged over the rows of one name.
    ///
    /// A task is looked for by its names (the attribute `name`, the one after `as`, the kernel's), then by its type: an operator's
    /// is its name without `aclnn`, a kernel's its own. What the table does not tell stays as it is.
    pub fn apply(&self, module: &mut Module) -> AppliedCosts {
        let keys = ["cost", "name", "kernel"].map(|name| module.symbols.intern(name));
        let mut applied = AppliedCosts { tasks: 0, of: 0, remarks: Vec::new() };
        let mut used = FxHashSet::default();
        let mut first_without = None;
        for graph in module.graphs.keys() {
            for task in 0..module.graphs[graph].tasks.len() {
                let task = Task::at(task);
                let data = module.graphs[graph].tasks[task];
                if !Tasks::Work.contains(&data.op) {
                    continue;
                }
                applied.of += 1;
                if let Some(row) = self.row(module, &data, keys) {
                    used.insert(row);
                    applied.tasks += 1;
                    let cost = self.rows[row].average();
                    module.graphs[graph].tasks[task].attributes = with_cost(module, &data, keys[0], cost);
                } else {
                    first_without.get_or_insert((graph, task));
                }
            }
        }
        applied.remarks = remarks(module, self, &applied, &used, first_without);
        applied
    }

    fn add(&mut self, name: &str, ty: &str, duration: u64) {
        let of_type = entry(&mut self.rows, &mut self.by_type, ty, None);
        let name = entry(&mut self.rows, &mut self.by_name, name, Some(of_type));
        for row in [of_type, name] {
            self.rows[row].total += u128::from(duration);
            self.rows[row].count += 1;
        }
    }

    /// The row that tells how long a task runs.
    fn row(&self, module: &Module, data: &TaskData, [_, name, kernel]: [Symbol; 3]) -> Option<usize> {
        let attribute = |key| {
            let attributes = data.attributes.of(&module.attributes);
            attributes.iter().find_map(|attribute| match attribute.value {
                Value::Text(text) if attribute.name == key => Some(module.text(text)),
                _ => None,
            })
        };
        let launched = match data.op {
            Op::Kernel(text) => Some(module.text(text)),
            _ => attribute(kernel),
        };
        let own = [attribute(name), data.name.map(|name| module.text(name)), launched];
        let ty = match data.op {
            Op::Operator(operator) => operator.operator().name.strip_prefix("aclnn"),
            _ => launched,
        };
        let by_name = own.into_iter().flatten().find_map(|name| self.by_name.get(name));
        by_name.or_else(|| self.by_type.get(ty?)).copied()
    }
}

/// The row of `text`, made if there is none.
fn entry(
    rows: &mut Vec<Row>,
    by: &mut FxHashMap<String, usize>,
    text: &str,
    of_type: Option<usize>,
) -> usize {
    if let Some(&row) = by.get(text) {
        return row;
    }
    let row = rows.len();
    let of_type_row = of_type.unwrap_or(row);
    rows.push(Row {
        text: text.to_owned(),
        is_name: of_type.is_some(),
        of_type: of_type_row,
        total: 0,
        count: 0,
    });
    by.insert(text.to_owned(), row);
    row
}

fn unreadable(error: &csv::Error) -> CostsError {
    let line = error.position().map_or(1, csv::Position::line);
    CostsError::Unreadable { line, cause: error.to_string() }
}

/// Where a table has what.
struct Columns {
    name: usize,
    ty: Option<usize>,
    duration: usize,
    /// Nanoseconds in the unit of durations.
    unit: f64,
}

impl Columns {
    fn of(headings: &ByteRecord) -> Result<Self, CostsError> {
        let plain = |heading: &[u8]| -> String {
            let text = String::from_utf8_lossy(heading).to_lowercase();
            text.chars().filter(char::is_ascii_alphanumeric).collect()
        };
        let found: Vec<String> = headings.iter().map(plain).collect();
        let find =
            |wanted: &[&str]| wanted.iter().find_map(|wanted| found.iter().position(|name| name == wanted));
        let missing = |wanted| CostsError::NoColumn {
            wanted,
            found: headings
                .iter()
                .map(|name| format!("`{}`", String::from_utf8_lossy(name).trim()))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let name = find(&["opname", "name", "kernelname"]).ok_or_else(|| missing("Op Name"))?;
        let units = [("us", 1e3), ("ns", 1.0), ("ms", 1e6), ("", 1e3)];
        let duration = ["taskduration", "duration"].iter().find_map(|stem| {
            units.iter().find_map(|(ending, unit)| Some((find(&[&format!("{stem}{ending}")])?, *unit)))
        });
        let (duration, unit) = duration.ok_or_else(|| missing("Task Duration(us)"))?;
        Ok(Self { name, ty: find(&["optype", "type"]), duration, unit })
    }
}

/// A duration in whole nanoseconds.
fn nanoseconds(cell: &str, unit: f64) -> Option<u64> {
    let time = (cell.parse::<f64>().ok()? * unit).round();
    // Neither sign nor fraction is left, and what does not fit is no duration of a task.
    #[allow(clippy::cast_sign_loss)]
    (0.0..1e18).contains(&time).then_some(time as u64)
}
