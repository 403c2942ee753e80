//! Reads instances in the tables that allocators of intervals are published with.
//!
//! One buffer a line under a header that names the columns `lower`, `upper` and `size`, in any order, perhaps with `alignment`
//! and others that do not matter here: the form of `MiniMalloc` and of idealloc.

use crate::{Instance, InstanceError, Intervals, Lifetimes};

/// What is wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    /// The header lacks a column.
    #[error("line 1: there is no column `{0}`")]
    Column(&'static str),
    /// A field is missing or is no number.
    #[error("line {line}: `{column}` is no number")]
    Number {
        /// The line, counted from 1.
        line: usize,
        /// The column's name.
        column: &'static str,
    },
    /// A buffer is never in use.
    #[error("line {0}: `upper` is not above `lower`")]
    Interval(usize),
    /// The rows are no instance.
    #[error(transparent)]
    Instance(#[from] InstanceError),
}

/// The buffers of the table in `text`, in the order of rows; blank lines are none.
///
/// # Errors
/// Where a column or number is missing, or a row is no buffer.
pub fn read_csv(text: &str) -> Result<Instance, CsvError> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let header: Vec<&str> = lines.next().map_or("", |(_, line)| line).split(',').map(str::trim).collect();
    let find = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let need = |name: &'static str| find(name).ok_or(CsvError::Column(name));
    let (lower, upper, size) = (need("lower")?, need("upper")?, need("size")?);
    let alignment = find("alignment");
    let mut columns: [Vec<u64>; 4] = Default::default();
    for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let number = |at: usize, column: &'static str| {
            let field = fields.get(at).and_then(|field| field.parse::<u64>().ok());
            field.ok_or(CsvError::Number { line: index + 1, column })
        };
        let row = [number(lower, "lower")?, number(upper, "upper")?, number(size, "size")?];
        if row[0] >= row[1] {
            return Err(CsvError::Interval(index + 1));
        }
        columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
        columns[3].push(alignment.map_or(Ok(1), |at| number(at, "alignment"))?);
    }
    let [lower, upper, sizes, alignments] = columns;
    // Every row was checked above, so that the intervals are sound.
    let intervals = Intervals::new(lower, upper).map_err(|error| CsvError::Interval(error.0 + 2))?;
    Ok(Instance::new(sizes, alignments, Lifetimes::Intervals(intervals))?)
}
