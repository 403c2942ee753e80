//! The kernels of graphs as they were launched: their names are many, the forms that they are launched in are few.

use acg_calls::Name;
use acg_entity::{Arena, Distinct};

use super::{Kernel, LaunchId};

/// The kernels of graphs.
#[derive(Clone, Debug, Default)]
pub struct Launches {
    /// The name and form of each.
    kernels: Arena<LaunchId, (Option<Name>, u32)>,
    /// Kernels without names.
    forms: Distinct<Kernel>,
}

impl Launches {
    /// Makes room for so many more kernels.
    pub(crate) fn reserve(&mut self, additional: usize) {
        self.kernels.reserve(additional);
    }

    /// What stands for a kernel; the same for kernels launched alike one after the other.
    pub(crate) fn add(&mut self, kernel: Kernel) -> LaunchId {
        let launch = (kernel.name, self.forms.number(Kernel { name: None, ..kernel }));
        let last = self.kernels.iter().next_back();
        let same = last.and_then(|(id, last)| (*last == launch).then_some(id));
        same.unwrap_or_else(|| self.kernels.push(launch))
    }

    /// The kernel that `launch` stands for.
    pub fn kernel(&self, launch: LaunchId) -> Kernel {
        let (name, form) = self.kernels[launch];
        Kernel { name, ..self.forms.value(form).unwrap_or_default() }
    }
}
