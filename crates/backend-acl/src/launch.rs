//! What the trailing attributes of a task say about its launch: `[kernel = "Add_ab12", core = aivec, blocks = 8]`.

use acg_calls::Core;
use acg_ir::{Entity, Module, Symbol, TaskData, Value};

/// The attributes of one task that a back end reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Launch {
    /// `kernel`: the name of what an operator launches.
    pub kernel: Option<Symbol>,
    /// `core`: the cores it runs on.
    pub core: Option<Core>,
    /// `blocks`: how many blocks.
    pub blocks: Option<u32>,
    /// `schem`: schedule mode, `normal` 0 or `batch` 1, or a number.
    pub schem: Option<u32>,
    /// `ration`: vector cores per cube core of a mixed kernel.
    pub ration: Option<u32>,
    /// `workspace`: bytes of workspace that the first phase of an operator asks for.
    pub workspace: Option<u64>,
    /// `binary`: the file that holds a kernel.
    pub binary: Option<Symbol>,
    /// `timeout` of a wait or synchronisation, in milliseconds.
    pub timeout: Option<i64>,
    /// `name`: the task's name where it came from.
    pub name: Option<Symbol>,
    /// `info`: what the dump shows beside it.
    pub info: Option<Symbol>,
}

/// The symbols of the attribute names that some task has, found once for a module: most tasks have none of them.
#[derive(Clone, Copy, Debug)]
pub struct LaunchKeys {
    /// Whether there are any.
    any: bool,
    kernel: Option<Symbol>,
    core: Option<Symbol>,
    blocks: Option<Symbol>,
    schem: Option<Symbol>,
    ration: Option<Symbol>,
    workspace: Option<Symbol>,
    binary: Option<Symbol>,
    timeout: Option<Symbol>,
    name: Option<Symbol>,
    info: Option<Symbol>,
}

impl LaunchKeys {
    /// Looks the names up in a module.
    pub fn of(module: &Module) -> Self {
        const NAMES: [&str; 10] =
            ["kernel", "core", "blocks", "schem", "ration", "workspace", "binary", "timeout", "name", "info"];
        let names = NAMES.map(|name| module.symbols.find(name));
        let end = names.iter().flatten().map(|name| name.index() + 1).max().unwrap_or(0);
        let mut used = vec![false; end];
        for attribute in &module.attributes {
            if let Some(used) = used.get_mut(attribute.name.index()) {
                *used = true;
            }
        }
        let names = names.map(|name| name.filter(|name| used[name.index()]));
        let [kernel, core, blocks, schem, ration, workspace, binary, timeout, name, info] = names;
        let any = names.iter().any(Option::is_some);
        Self { any, kernel, core, blocks, schem, ration, workspace, binary, timeout, name, info }
    }

    /// Whether the module may have a task with a `name`.
    pub(crate) fn any_name(&self) -> bool {
        self.name.is_some()
    }

    /// Whether the module may have a task with an `info`.
    pub(crate) fn any_info(&self) -> bool {
        self.info.is_some()
    }
}

impl Launch {
    /// Reads the attributes of `data`; one of the wrong type counts as not given.
    #[inline]
    pub fn of(module: &Module, keys: &LaunchKeys, data: &TaskData) -> Self {
        if keys.any { Self::read(module, keys, data) } else { Self::default() }
    }

    fn read(module: &Module, keys: &LaunchKeys, data: &TaskData) -> Self {
        let mut launch = Self::default();
        for attribute in data.attributes.of(&module.attributes) {
            let key = Some(attribute.name);
            let value = attribute.value;
            if key == keys.kernel {
                launch.kernel = text(value);
            } else if key == keys.core {
                launch.core = text(value).and_then(|word| Core::parse(module.text(word)));
            } else if key == keys.blocks {
                launch.blocks = whole(value).and_then(|blocks| u32::try_from(blocks).ok());
            } else if key == keys.schem {
                launch.schem = schem(module, value);
            } else if key == keys.ration {
                launch.ration = whole(value).and_then(|ration| u32::try_from(ration).ok());
            } else if key == keys.workspace {
                launch.workspace = whole(value).and_then(|bytes| u64::try_from(bytes).ok());
            } else if key == keys.binary {
                launch.binary = text(value);
            } else if key == keys.timeout {
                launch.timeout = whole(value);
            } else if key == keys.name {
                launch.name = text(value);
            } else if key == keys.info {
                launch.info = text(value);
            }
        }
        launch
    }
}

fn text(value: Value) -> Option<Symbol> {
    match value {
        Value::Text(text) | Value::Word(text) => Some(text),
        _ => None,
    }
}

fn whole(value: Value) -> Option<i64> {
    match value {
        Value::Int(value) => Some(value),
        Value::Size(bytes) => i64::try_from(bytes).ok(),
        _ => None,
    }
}

fn schem(module: &Module, value: Value) -> Option<u32> {
    match text(value).map(|word| module.text(word)) {
        Some("normal") => Some(0),
        Some("batch") => Some(1),
        Some(_) => None,
        None => whole(value).and_then(|mode| u32::try_from(mode).ok()),
    }
}
