//! One entry of the operator table.

use crate::shape::{DTypeRule, ShapeRule};
use crate::table;
use crate::{Direction, Parameter};
use std::fmt;

/// An operator's place in the table, in alphabetical order of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperatorId(pub(crate) u16);

impl OperatorId {
    /// The entry.
    pub fn operator(self) -> &'static Operator {
        &table::operators()[usize::from(self.0)]
    }

    /// Its position in [`crate::operators`].
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Display for OperatorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.operator().name)
    }
}

/// The kind of core that the main kernel of an operator runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each variant is its own name")]
pub enum Core {
    AiVec,
    AiCube,
    AiCore,
    MixAic,
    MixAiv,
    AiCpu,
}

impl Core {
    /// The word of a call log's kernel annotation: `aivec`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AiVec => "aivec",
            Self::AiCube => "aicube",
            Self::AiCore => "aicore",
            Self::MixAic => "mix_aic",
            Self::MixAiv => "mix_aiv",
            Self::AiCpu => "aicpu",
        }
    }

    /// The core that a word names.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::AiVec, Self::AiCube, Self::AiCore, Self::MixAic, Self::MixAiv, Self::AiCpu];
        all.into_iter().find(|core| core.as_str() == word)
    }
}

impl fmt::Display for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The family an operator belongs to: the file of the table that describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(pub(crate) &'static str);

impl Category {
    /// Its name: `elementwise`.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// One aclnn operator.
#[derive(Debug)]
pub struct Operator {
    /// Its place in the table.
    pub id: OperatorId,
    /// The C name: `aclnnAdd`.
    pub name: String,
    /// What it computes, in a few words.
    pub summary: String,
    /// The family.
    pub category: Category,
    /// What its main kernel runs on unless the program says otherwise.
    pub core: Core,
    /// What must hold among the shapes of a call; empty where [`Self::unchecked`] says why.
    pub shape_rules: Vec<ShapeRule>,
    /// What must hold among the data types of a call, besides each parameter's own class.
    pub dtype_rules: Vec<DTypeRule>,
    /// Why shapes are not checked, or not wholly; empty where they are.
    pub unchecked: String,
    /// What a call may leave of its results as it was; empty where it writes all of them.
    pub keeps: String,
    pub(crate) parameters: Vec<Parameter>,
}

impl Operator {
    /// The operator with C name `name`.
    pub fn find(name: &str) -> Option<&'static Self> {
        table::position(name).map(|at| &table::operators()[at])
    }

    /// The operator whose name is most like `name`, if one is near.
    pub fn suggest(name: &str) -> Option<&'static str> {
        table::nearest(name)
    }

    /// Parameters of the first phase in C order, workspace size and executor not counted.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The position and entry of the parameter called `name`.
    pub fn parameter(&self, name: &str) -> Option<(usize, &Parameter)> {
        self.parameters.iter().enumerate().find(|(_, parameter)| parameter.name == name)
    }

    /// Parameters that a call gives by position, with their positions in [`Self::parameters`].
    pub fn inputs(&self) -> impl Iterator<Item = (usize, &Parameter)> + Clone {
        self.parameters.iter().enumerate().filter(|(_, parameter)| parameter.is_positional())
    }

    /// Parameters that a call gives by name.
    pub fn attributes(&self) -> impl Iterator<Item = (usize, &Parameter)> + Clone {
        self.parameters.iter().enumerate().filter(|(_, parameter)| parameter.is_named())
    }

    /// Parameters that a call gives after the arrow.
    pub fn results(&self) -> impl Iterator<Item = (usize, &Parameter)> + Clone {
        self.parameters.iter().enumerate().filter(|(_, parameter)| parameter.is_result())
    }

    /// Whether it overwrites one of its inputs.
    pub fn is_in_place(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.direction == Direction::InOut)
    }

    /// The name of the function of the first phase.
    pub fn phase1_name(&self) -> String {
        format!("{}GetWorkspaceSize", self.name)
    }

    /// The C prototype of the first phase, without a final semicolon.
    pub fn phase1_prototype(&self) -> String {
        let mut text = format!("aclnnStatus {}(", self.phase1_name());
        for parameter in &self.parameters {
            text.push_str(&parameter.to_string());
            text.push_str(", ");
        }
        text.push_str("uint64_t *workspaceSize, aclOpExecutor **executor)");
        text
    }

    /// The C prototype of the second phase, without a final semicolon.
    pub fn phase2_prototype(&self) -> String {
        format!(
            "aclnnStatus {}(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream)",
            self.name
        )
    }
}
