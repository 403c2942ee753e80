//! How task groups are updated: in place, or by calls between separate models.
//!
//! Both forms are made and judged by the runtime model, so that what an estimate says of resources is what the model counted. Times are
//! those of the device model: giving a stream work takes a launch, and so does executing a model; giving a captured kernel other
//! arguments takes [`UPDATE`] launches; going over from one model to a call or back, and waiting for a signal, takes what waiting for
//! another stream does.

mod form;

use std::str::FromStr;

use acg_diagnostics::{Diagnostic, Span};
use acg_ir::graph::SourceRange;
use acg_target::DeviceModel;
use serde::Serialize;

use crate::catalogue::UNDIVIDED_UPDATES;
use crate::duration::microseconds;
use crate::program::{Checked, Program, judge};

pub use form::Form;

/// How long it takes to give a captured kernel other arguments, in launches.
///
/// The guide says that it takes longer than delivering the task, and not how much; this is the least whole number that says so.
pub(crate) const UPDATE: u64 = 2;

/// What the user asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum UpdateMethod {
    /// Whichever is estimated to take less time.
    Auto,
    /// Separate models, and calls between them.
    Segments,
    /// Task groups, updated in place.
    Group,
}

/// A method that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no method; auto, segments and group are")]
pub struct UnknownMethod(String);

impl FromStr for UpdateMethod {
    type Err = UnknownMethod;

    fn from_str(name: &str) -> Result<Self, UnknownMethod> {
        match name {
            "auto" => Ok(Self::Auto),
            "segments" => Ok(Self::Segments),
            "group" => Ok(Self::Group),
            other => Err(UnknownMethod(other.to_owned())),
        }
    }
}

/// Which method a program got, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UpdateChoice {
    /// What was asked for.
    pub asked: UpdateMethod,
    /// What the program does now; `None` where it updates nothing.
    pub chosen: Option<UpdateMethod>,
    /// Why, as a sentence without a full stop.
    pub because: String,
    /// What updating in place amounts to.
    pub group: Option<Form>,
    /// What separate models amount to, where the program can be divided.
    pub segments: Option<Form>,
}

impl UpdateChoice {
    /// The choice for people: a line that says it, and what the forms amount to.
    pub fn text(&self) -> String {
        let chosen = match self.chosen {
            Some(UpdateMethod::Segments) => "updates by separate models",
            Some(_) => "updates of task groups in place",
            None => "updates",
        };
        let forms = [("group", &self.group), ("segments", &self.segments)];
        let forms: Vec<_> = forms.iter().filter_map(|(name, form)| Some((*name, form.as_ref()?))).collect();
        let table = if forms.is_empty() { String::new() } else { form::table(&forms) };
        format!("{chosen}: {}\n{table}", self.because)
    }
}

/// Gives `program` the form that is asked for, if any is.
///
/// # Errors
///
/// Why it cannot be divided, where that is asked for. A program that the runtime would reject is left as it is.
pub(crate) fn choose(
    program: &mut Program,
    asked: Option<UpdateMethod>,
    model: &DeviceModel,
) -> Result<Option<UpdateChoice>, Box<Checked>> {
    let Some(asked) = asked else { return Ok(None) };
    let nothing = |because: &str| {
        let because = because.to_owned();
        Some(UpdateChoice { asked, chosen: None, because, group: None, segments: None })
    };
    if acg_passes::updated_groups(&program.module).is_empty() {
        return Ok(nothing("no task group is updated"));
    }
    let mut as_written = judge(program.on_one_stream());
    let Some(accepted) = as_written.take_accepted() else {
        return Ok(nothing("the runtime rejects the program as it is written"));
    };
    let group = Form::of(&accepted, model);
    drop(accepted);
    let divided = divide(program, model);
    let (chosen, because) = match (asked, &divided) {
        (UpdateMethod::Group, _) => (UpdateMethod::Group, "asked for".to_owned()),
        (UpdateMethod::Segments, Ok(_)) => (UpdateMethod::Segments, "asked for".to_owned()),
        (UpdateMethod::Segments, Err(refusal)) => return Err(Box::new(refusal.rejected(program))),
        (UpdateMethod::Auto, Err(refusal)) => {
            (UpdateMethod::Group, format!("the graphs cannot be divided, because {}", refusal.reason))
        }
        (UpdateMethod::Auto, Ok((_, segments))) => faster(&group, segments),
    };
    let mut segments = None;
    if let Ok((module, form)) = divided {
        segments = Some(form);
        if chosen == UpdateMethod::Segments {
            program.module = module;
        }
    }
    Ok(Some(UpdateChoice { asked, chosen: Some(chosen), because, group: Some(group), segments }))
}

/// The form that takes less time; in place where both take the same, because that is fewer models.
fn faster(group: &Form, segments: &Form) -> (UpdateMethod, String) {
    let (first, second) = (group.time(), segments.time());
    let compare = |chosen, less: u64, more: u64| {
        (chosen, format!("it is estimated to take {}, the other {}", microseconds(less), microseconds(more)))
    };
    if second < first {
        return compare(UpdateMethod::Segments, second, first);
    }
    compare(UpdateMethod::Group, first, second)
}

/// Why a program cannot be divided, and where.
struct Refusal {
    span: SourceRange,
    reason: String,
}

impl Refusal {
    fn rejected(&self, program: &Program) -> Checked {
        let span = Span::new(program.file, self.span.start, self.span.end);
        let message = format!("the graphs cannot be divided here, because {}", self.reason);
        let help = "`--update-method group` updates in place, and `auto` does where nothing else can be done";
        let mut diagnostics = program.diagnostics.clone();
        diagnostics.push(Diagnostic::new(&UNDIVIDED_UPDATES, span, message).help(help));
        Checked::rejected(diagnostics)
    }
}

/// The program with separate models, and what it amounts to.
fn divide(program: &Program, model: &DeviceModel) -> Result<(acg_ir::Module, Form), Refusal> {
    let module = acg_passes::divide_at_updates(&program.module)
        .map_err(|undivided| Refusal { span: undivided.span, reason: undivided.reason.to_owned() })?;
    let mut judged = judge(program.with(module.clone()).on_one_stream());
    let Some(accepted) = judged.take_accepted() else {
        let is_error = |found: &&Diagnostic| found.severity == acg_diagnostics::Severity::Error;
        let first = judged.diagnostics.iter().find(is_error);
        let because = first.map_or_else(String::new, |found| format!(": {}", found.message));
        let span = first.map_or(SourceRange::default(), |found| SourceRange {
            start: found.primary.span.start,
            end: found.primary.span.end,
        });
        return Err(Refusal { span, reason: format!("the runtime would reject the parts{because}") });
    };
    let form = Form::of(&accepted, model);
    Ok((module, form))
}
