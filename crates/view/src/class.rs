//! What is coloured alike, and how.
//!
//! The hues are those that people with any kind of colour blindness tell apart (Okabe and Ito), and no hue stands alone: what
//! orders is a pill and what works a box, and a kernel's second line names its cores.

use acg_trace::{Core, Kind, Part};

/// A colour of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Cube,
    Vector,
    Mix,
    Kernel,
    Copy,
    Event,
    Notify,
    Value,
    Host,
    Communication,
    Control,
    Quiet,
    Other,
}

/// The colours of a class on a light and on a dark page.
pub(crate) struct Colours {
    /// The stripe at a box's left, and a pill's outline.
    pub(crate) strong: [&'static str; 2],
    /// The background.
    pub(crate) soft: [&'static str; 2],
}

impl Class {
    pub(crate) const ALL: [Self; 13] = [
        Self::Cube,
        Self::Vector,
        Self::Mix,
        Self::Kernel,
        Self::Copy,
        Self::Event,
        Self::Notify,
        Self::Value,
        Self::Host,
        Self::Communication,
        Self::Control,
        Self::Quiet,
        Self::Other,
    ];

    /// The class of a task.
    pub(crate) fn of(kind: Kind, part: Part) -> Self {
        if matches!(part, Part::GroupHead(_) | Part::ClosingReset | Part::EndRecord) {
            return Self::Quiet;
        }
        match kind {
            Kind::Kernel(Core::Cube) => Self::Cube,
            Kind::Kernel(Core::Vector) => Self::Vector,
            Kind::Kernel(Core::MixCube | Core::MixVector) => Self::Mix,
            Kind::Kernel(Core::Cpu | Core::Fused | Core::Unknown) => Self::Kernel,
            Kind::Copy | Kind::Fill | Kind::Reduce => Self::Copy,
            Kind::EventRecord
            | Kind::EventWait
            | Kind::EventReset
            | Kind::ExternalRecord
            | Kind::ExternalWait => Self::Event,
            Kind::NotifyRecord | Kind::NotifyWait | Kind::NotifyReset => Self::Notify,
            Kind::ValueWrite | Kind::ValueWait => Self::Value,
            Kind::HostFunction => Self::Host,
            Kind::Communication => Self::Communication,
            Kind::Conditional | Kind::StreamActive | Kind::Jump | Kind::EndGraph => Self::Control,
            Kind::Nop => Self::Quiet,
            Kind::Other => Self::Other,
        }
    }

    /// What the legend says.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Cube => "cube kernel",
            Self::Vector => "vector kernel",
            Self::Mix => "mix kernel",
            Self::Kernel => "other kernel",
            Self::Copy => "copy, fill",
            Self::Event => "event",
            Self::Notify => "notify",
            Self::Value => "value",
            Self::Host => "host function",
            Self::Communication => "communication",
            Self::Control => "control",
            Self::Quiet => "placeholder, closing",
            Self::Other => "other",
        }
    }

    pub(crate) const fn colours(self) -> Colours {
        let (strong, soft) = match self {
            Self::Cube => (["#0072b2", "#5aaee6"], ["#d3e6f4", "#16354c"]),
            Self::Vector => (["#009e73", "#2fc79a"], ["#cfeee4", "#10392e"]),
            Self::Mix => (["#5b3fa8", "#a48cf0"], ["#dfd8f3", "#2e2652"]),
            Self::Kernel => (["#5f7186", "#93a6bc"], ["#e0e6ed", "#2a343f"]),
            Self::Copy => (["#b3a100", "#e8d94a"], ["#f6f1c2", "#3d3a12"]),
            Self::Event => (["#d98200", "#f0a63a"], ["#fdebd0", "#41300f"]),
            Self::Notify => (["#c4500a", "#f0824a"], ["#fbdccb", "#47230f"]),
            Self::Value => (["#882255", "#d97aa8"], ["#f1d6e2", "#431c30"]),
            Self::Host => (["#c4619a", "#e29cc6"], ["#f8e1ee", "#44233a"]),
            Self::Communication => (["#2b93cc", "#7cc8f2"], ["#ddf1fc", "#12394d"]),
            Self::Control => (["#333a44", "#c3cad4"], ["#e6e8eb", "#33383f"]),
            Self::Quiet => (["#9aa3ad", "#6d7681"], ["#f3f4f6", "#22272d"]),
            Self::Other => (["#6d6d6d", "#a8a8a8"], ["#ebebeb", "#303030"]),
        };
        Colours { strong, soft }
    }
}
