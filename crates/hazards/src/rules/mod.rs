//! One file per rule: when it fires, why that is sound, its message.
//!
//! Rules about one graph by itself have `check`; rules about executions are called by the timeline where the
//! call in question stands, as `at_…`. Where something is not known, a rule is silent.

pub mod cond_value_uninit;
pub mod dead_event;
pub mod dead_record;
pub mod destroy_running_model;
pub mod execute_before_input;
pub mod execute_same_model_twice;
pub mod external_never_signalled;
pub mod extflag_late_record;
pub mod ge_config_keys;
pub mod ge_duplicate_id;
pub mod ge_init_twice;
pub mod ge_io_memory;
pub mod ge_load_options;
pub mod ge_load_stream_differs;
pub mod ge_load_twice;
pub mod ge_load_while_running;
pub mod ge_mixed_run_modes;
pub mod ge_not_initialized;
pub mod ge_result_before_sync;
pub mod ge_session_after_finalize;
pub mod ge_session_concurrent;
pub mod ge_unknown_graph;
pub mod host_before_sync;
pub mod mdl_allocator_stream;
pub mod mdl_context_differs;
pub mod mdl_memory_kind;
pub mod mdl_no_sync;
pub mod mdl_same_id_multi_stream;
pub mod mdl_shared_without_lock;
pub mod mdl_suballoc_alignment;
pub mod mdl_unload_in_flight;
pub mod memory_freed_early;
pub mod notify_never_recorded;
pub mod overlapping_graphs;
pub mod overwrite_during_execution;
pub mod record_before_wait;
pub mod redundant_wait;
pub mod result_before_sync;
pub mod sync_copy_not_replayed;
pub mod sync_destroy_early;
pub mod uninitialized_read;
pub mod unordered_access;
pub mod unwritten_value_wait;
pub mod update_unsynchronised;
pub mod update_while_running;

use acg_diagnostics::Rule;

/// Every rule of this crate, by code.
pub static RULES: &[&Rule] = &[
    &external_never_signalled::RULE,
    &extflag_late_record::RULE,
    &sync_copy_not_replayed::RULE,
    &memory_freed_early::RULE,
    &notify_never_recorded::RULE,
    &update_unsynchronised::RULE,
    &update_while_running::RULE,
    &cond_value_uninit::RULE,
    &result_before_sync::RULE,
    &destroy_running_model::RULE,
    &execute_same_model_twice::RULE,
    &ge_not_initialized::RULE,
    &ge_init_twice::RULE,
    &ge_load_twice::RULE,
    &ge_load_while_running::RULE,
    &ge_mixed_run_modes::RULE,
    &ge_unknown_graph::RULE,
    &ge_duplicate_id::RULE,
    &ge_load_stream_differs::RULE,
    &ge_io_memory::RULE,
    &ge_result_before_sync::RULE,
    &ge_session_concurrent::RULE,
    &ge_session_after_finalize::RULE,
    &ge_load_options::RULE,
    &ge_config_keys::RULE,
    &mdl_no_sync::RULE,
    &mdl_same_id_multi_stream::RULE,
    &mdl_shared_without_lock::RULE,
    &mdl_context_differs::RULE,
    &mdl_memory_kind::RULE,
    &mdl_suballoc_alignment::RULE,
    &mdl_unload_in_flight::RULE,
    &mdl_allocator_stream::RULE,
    &sync_destroy_early::RULE,
    &unordered_access::RULE,
    &execute_before_input::RULE,
    &overwrite_during_execution::RULE,
    &record_before_wait::RULE,
    &dead_record::RULE,
    &redundant_wait::RULE,
    &dead_event::RULE,
    &uninitialized_read::RULE,
    &unwritten_value_wait::RULE,
    &overlapping_graphs::RULE,
    &host_before_sync::RULE,
];

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn codes_ascend() {
        assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
    }
}
