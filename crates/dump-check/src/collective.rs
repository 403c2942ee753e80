//! Which tasks are collective operations, and how many vector cores they take.
//!
//! The rules are those of torchair's checker, so that both speak of the same tasks: a kernel whose name contains `aiv_`,
//! `dispatch` or `combine`, whatever its case, or whose `ExtendInfo` has the task type `communication` (users, section 3;
//! debug-json, section 7). Tasks that are only a part of a collective, such as RDMA sends, are none.

use acg_dump::{OwnedRecord, TaskType, Text};
use acg_entity::Entity;
use acg_trace::{Kind, TaskId, Trace};

/// What kernel names of collectives contain.
const NAMES: [&str; 3] = ["aiv_", "dispatch", "combine"];

/// The collectives of `trace`, lane by lane.
pub(crate) fn collectives(trace: &Trace) -> Vec<TaskId> {
    let mut by_name: Vec<Option<bool>> = vec![None; trace.dump.texts.len()];
    let mut by_info = by_name.clone();
    let memo =
        |known: &mut Vec<Option<bool>>, text: Text, is: fn(&str) -> bool| match known.get_mut(text.index()) {
            Some(place) => *place.get_or_insert_with(|| is(trace.dump.text(text))),
            None => false,
        };
    let is_collective = |task: &&TaskId| {
        let record = trace.record(**task);
        matches!(trace.tasks[**task].kind, Kind::Kernel(_))
            && (record.name.is_some_and(|name| memo(&mut by_name, name, has_name))
                || record.extend_info.is_some_and(|info| memo(&mut by_info, info, is_communication)))
    };
    trace.order.iter().filter(is_collective).copied().collect()
}

fn has_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|part| name.contains(part))
}

/// Whether an `ExtendInfo`, escaped as in the dump, says that the task communicates.
fn is_communication(escaped: &str) -> bool {
    let text: Option<String> = serde_json::from_str(&format!("\"{escaped}\"")).ok();
    let info: Option<serde_json::Value> = text.and_then(|text| serde_json::from_str(&text).ok());
    info.is_some_and(|info| info.get("taskType").and_then(|kind| kind.as_str()) == Some("communication"))
}

/// Whether a task only starts when all its cores are free at once.
pub(crate) fn starts_at_once(record: &OwnedRecord) -> bool {
    record.schem == Some(1)
}

/// How many vector cores a kernel takes.
pub(crate) fn vector_cores(trace: &Trace, record: &OwnedRecord) -> u32 {
    let blocks = record.blocks.unwrap_or(0);
    match trace.dump.task_type(record) {
        TaskType::KernelAiVec | TaskType::KernelMixAiv => blocks,
        TaskType::KernelMixAic if record.ration != Some(0) => blocks.saturating_mul(2),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{has_name, is_communication};

    #[test]
    fn names_and_infos_tell() {
        for name in ["aiv_all_gather_bfloat16_t", "MoeDistributeDispatchV2_1060", "MoeDistributeCOMBINE"] {
            assert!(has_name(name), "{name}");
        }
        assert!(!has_name("Add") && !has_name(""));
        assert!(is_communication(r#"{\"taskType\":\"communication\"}"#));
        assert!(is_communication(r#"{ \"x\": 1, \"taskType\" : \"communication\" }"#));
        for info in
            ["", "communication", r#"{\"taskType\":\"compute\"}"#, r#"{\"a\":\"communication\"}"#, "\\"]
        {
            assert!(!is_communication(info), "{info}");
        }
    }
}
