//! What a log says about a kernel: its name and how it is launched.

use std::fmt;

use acg_entity::Distinct;
use rustc_hash::FxHashMap;

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

/// The kernels of a log. Their names are many, what is said beside names is little, and hardly any name has two kernels.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kernels {
    /// Name and form of each.
    all: Vec<(Option<Name>, u32)>,
    /// Kernels without names.
    forms: Distinct<Kernel>,
    /// The first kernel of each name, by [`Name`].
    first: Vec<Option<KernelId>>,
    /// All kernels but those.
    others: FxHashMap<(Option<Name>, u32), KernelId>,
    /// Whether the two above are given back.
    is_settled: bool,
}

impl Kernels {
    /// Makes room for kernels with so many more names.
    pub(crate) fn reserve(&mut self, names: usize) {
        self.first.reserve(names);
        self.all.reserve(names);
    }

    /// The id of `kernel`, made if there is none equal to it.
    pub(crate) fn id(&mut self, kernel: Kernel) -> KernelId {
        if std::mem::take(&mut self.is_settled) {
            for number in 0..self.all.len() as u32 {
                self.find_or_enter(self.all[number as usize], KernelId(number));
            }
        }
        let kernel = (kernel.name, self.forms.number(Kernel { name: None, ..kernel }));
        let next = KernelId(self.all.len() as u32);
        let id = self.find_or_enter(kernel, next);
        if id == next {
            self.all.push(kernel);
        }
        id
    }

    /// The kernel that is equal to this one, which is entered as `next` if there is none.
    fn find_or_enter(&mut self, kernel: (Option<Name>, u32), next: KernelId) -> KernelId {
        if let Some(name) = kernel.0 {
            if name.index() >= self.first.len() {
                self.first.resize(name.index() + 1, None);
            }
            let first = *self.first[name.index()].get_or_insert(next);
            if first == next || self.all[first.index()] == kernel {
                return first;
            }
        }
        *self.others.entry(kernel).or_insert(next)
    }

    pub(crate) fn kernel(&self, id: KernelId) -> Option<Kernel> {
        let &(name, form) = self.all.get(id.index())?;
        Some(Kernel { name, ..self.forms.value(form)? })
    }

    /// Gives back the memory that serves to find kernels, for when the last is there; one more makes it all again.
    pub(crate) fn settle(&mut self) {
        (self.first, self.others) = (Vec::new(), FxHashMap::default());
        self.is_settled = true;
    }
}

#[cfg(test)]
mod tests {
    use acg_entity::Entity;

    use super::*;

    #[test]
    fn equal_kernels_have_one_id_settled_or_not() {
        let mut kernels = Kernels::default();
        let all: Vec<Kernel> = (0..60)
            .map(|at: u32| Kernel {
                name: (!at.is_multiple_of(4)).then(|| Name::at(at as usize % 7)),
                blocks: (!at.is_multiple_of(3)).then_some(at % 2),
                ..Kernel::default()
            })
            .collect();
        let ids: Vec<KernelId> = all.iter().map(|&kernel| kernels.id(kernel)).collect();
        kernels.settle();
        for (one, of_one) in all.iter().zip(&ids) {
            assert_eq!((kernels.kernel(*of_one), kernels.id(*one)), (Some(*one), *of_one));
            for (other, of_other) in all.iter().zip(&ids) {
                assert_eq!(one == other, of_one == of_other);
            }
        }
    }
}
