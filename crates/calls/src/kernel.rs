//! What a log says about a kernel: its name and how it is launched.

use std::fmt;

use acg_entity::Distinct;

use crate::names::Name;

/// A kernel description of a [`Log`](crate::Log).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KernelId(pub(crate) u32);

impl KernelId {
    /// The position of the description, from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The cores that a kernel runs on, by its machine attribute and mix type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Core {
    /// AI Core, cube and vector.
    #[default]
    AiCore,
    /// Vector cores only.
    AiVec,
    /// Cube cores only.
    AiCube,
    /// The device's CPU.
    AiCpu,
    /// Mixed, cube part registered.
    MixAic,
    /// Mixed, vector part registered.
    MixAiv,
    /// Mixed with both parts, cube leads.
    MixAicMainAic,
    /// Mixed with both parts, vector leads.
    MixAicMainAiv,
}

impl Core {
    /// Every core kind, in the order of the type.
    pub const ALL: [Self; 8] = [
        Self::AiCore,
        Self::AiVec,
        Self::AiCube,
        Self::AiCpu,
        Self::MixAic,
        Self::MixAiv,
        Self::MixAicMainAic,
        Self::MixAicMainAiv,
    ];

    /// The word that logs use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AiCore => "aicore",
            Self::AiVec => "aivec",
            Self::AiCube => "aicube",
            Self::AiCpu => "aicpu",
            Self::MixAic => "mix_aic",
            Self::MixAiv => "mix_aiv",
            Self::MixAicMainAic => "mix_aic_main_aic",
            Self::MixAicMainAiv => "mix_aic_main_aiv",
        }
    }

    /// The core kind that logs call `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|core| core.as_str() == word)
    }

    /// Whether it is one of the mixed kinds.
    pub const fn is_mix(self) -> bool {
        matches!(self, Self::MixAic | Self::MixAiv | Self::MixAicMainAic | Self::MixAicMainAiv)
    }
}

impl fmt::Display for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A kernel as a log describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Kernel {
    /// Its name; in an operator's annotation it may be missing, then the operator's own name serves.
    pub name: Option<Name>,
    /// The cores it runs on.
    pub core: Core,
    /// How many blocks an operator launches; a kernel launch has its own argument for it.
    pub blocks: Option<u32>,
    /// Schedule mode: 0 normal, 1 batch; `None` where the launch gives none.
    pub schem: Option<u32>,
    /// Vector cores per cube core, for mixed kernels.
    pub ration: Option<u32>,
}

impl Kernel {
    /// A kernel on `core` with nothing else said.
    pub const fn new(name: Name, core: Core) -> Self {
        Self { name: Some(name), core, blocks: None, schem: None, ration: None }
    }
}

/// The kernels of a log. Their names are many, what is said beside names is little.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kernels {
    /// Name and form of each.
    kernels: Distinct<(Option<Name>, u32)>,
    /// Kernels without names.
    forms: Distinct<Kernel>,
}

impl Kernels {
    /// The id of `kernel`, made if there is none equal to it.
    pub(crate) fn id(&mut self, kernel: Kernel) -> KernelId {
        let form = self.forms.number(Kernel { name: None, ..kernel });
        KernelId(self.kernels.number((kernel.name, form)))
    }

    pub(crate) fn kernel(&self, id: KernelId) -> Option<Kernel> {
        let (name, form) = self.kernels.value(id.0)?;
        Some(Kernel { name, ..self.forms.value(form)? })
    }

    /// As [`Distinct::settle`].
    pub(crate) fn settle(&mut self) {
        self.kernels.settle();
    }
}
