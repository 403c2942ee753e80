//! One file per rule: its condition, its message, its evidence.
//!
//! `check` decides and refuses, `refusal` explains what another place decided, `look` reports what the runtime is silent
//! about. Codes and conditions are those of capture-rules; codes from ACG360 on are of calls around captures.

pub mod abort_captured;
pub mod async_host_to_host;
pub mod batch_copy;
pub mod begin_bad_mode;
pub mod begin_bad_stream_flag;
pub mod begin_foreign_context;
pub mod begin_no_resource;
pub mod begin_null_stream;
pub mod begin_on_bound_stream;
pub mod begin_on_default_stream;
pub mod begin_while_capturing;
pub mod bind_capturing_stream;
pub mod bind_flags;
pub mod bind_head_flag;
pub mod bind_not_persistent;
pub mod bind_null_stream;
pub mod bind_two_models;
pub mod build_end_reserve;
pub mod build_event_host_sync;
pub mod build_ex_event;
pub mod build_flag;
pub mod build_unbind_first;
pub mod cache_opinfo;
pub mod callback_not_subscribed;
pub mod callback_subscribed_twice;
pub mod capture_never_ended;
pub mod captured_before_begin;
pub mod captured_op_failed;
pub mod captured_record_after_end;
pub mod cond_arity;
pub mod cond_flags;
pub mod cond_handle_flag;
pub mod cond_handle_model;
pub mod cond_handle_other_graph;
pub mod cond_handle_reused;
pub mod cond_null;
pub mod cond_on_added_stream;
pub mod cond_stream_not_capturing;
pub mod cond_type;
pub mod cond_unsupported;
pub mod config_task_in_capture;
pub mod copy_size;
pub mod count_notify_unsupported;
pub mod cross_capture_record;
pub mod cross_capture_wait;
pub mod debugprint_args;
pub mod default_stream_waits_captured;
pub mod default_stream_work;
pub mod destroy_captured_event;
pub mod destroy_captured_stream;
pub mod destroy_capturing_model;
pub mod destroy_missing;
pub mod end_after_invalidation;
pub mod end_before_sub_capture;
pub mod end_null_model_out;
pub mod end_on_wrong_stream;
pub mod end_on_wrong_thread;
pub mod end_result_ignored;
pub mod end_with_open_task_group;
pub mod end_without_begin;
pub mod event_bad_flag;
pub mod event_device_only;
pub mod event_exhausted;
pub mod exchange_bad_mode;
pub mod exchange_not_restored;
pub mod exchange_null;
pub mod execute_bad_stream;
pub mod execute_capturing_model;
pub mod execute_context;
pub mod execute_not_ready;
pub mod execute_null_stream;
pub mod execute_on_capturing_stream;
pub mod execute_sync_captured;
pub mod execute_sync_timeout;
pub mod external_cannot_join;
pub mod external_event_exhausted;
pub mod external_host_query;
pub mod external_not_reset;
pub mod extflag_after_plain_record;
pub mod extflag_bad_args;
pub mod extflag_event_lifetime;
pub mod extflag_in_subgraph;
pub mod extflag_not_capturing;
pub mod extflag_switched;
pub mod extflag_twice_in_graph;
pub mod extflag_unsupported;
pub mod extflag_wrong_event;
pub mod getinfo_both_null;
pub mod graph_stream_total;
pub mod group_bad_task;
pub mod group_broken_by_stream;
pub mod group_empty;
pub mod group_end_invalid;
pub mod group_end_unmatched;
pub mod group_handle_lifetime;
pub mod group_nested;
pub mod group_null_handle_out;
pub mod group_outside_capture;
pub mod hostfunc_data_lifetime;
pub mod ipc_event_in_capture;
pub mod join_bad_stream_flag;
pub mod join_invalid_capture;
pub mod join_record_not_waited;
pub mod kernel_schem_mode;
pub mod label_in_capture;
pub mod launch_after_invalid;
pub mod legacy_event_record;
pub mod legacy_event_wait;
pub mod list_array_small;
pub mod list_null;
pub mod name_too_long;
pub mod no_join_to_origin;
pub mod notify_exhausted;
pub mod null_argument;
pub mod null_handle;
pub mod null_notify;
pub mod op_timeout;
pub mod overflow_status_in_capture;
pub mod pageable_copy_captured;
pub mod pageable_copy_eager;
pub mod query_captured_event;
pub mod query_captured_stream;
pub mod re_record;
pub mod record_without_sync_flag;
pub mod rejoin_with_external_event;
pub mod res_limit_late;
pub mod reset_ex_event;
pub mod reset_legacy_in_capture;
pub mod resources_before_model;
pub mod self_copy;
pub mod stale_association;
pub mod stale_model_handle;
pub mod stream_clean_in_subgraph;
pub mod stream_exhausted;
pub mod stream_flag_unsupported;
pub mod stream_ordered_alloc;
pub mod stream_property_in_capture;
pub mod stream_switch_in_capture;
pub mod sub_stream_not_joined;
pub mod subcapture_failed_hidden;
pub mod subcapture_model_kind;
pub mod subcapture_stream_busy;
pub mod subcapture_twice;
pub mod submodel_forbidden_call;
pub mod sync_arg_order;
pub mod sync_captured_event;
pub mod sync_captured_stream;
pub mod sync_device_in_capture;
pub mod sync_host_wait_flag;
pub mod sync_memory_in_capture;
pub mod sync_reset_many_waiters;
pub mod sync_time_flag;
pub mod sync_timeout_arg;
pub mod sync_wait_before_record;
pub mod task_after_build_end;
pub mod task_after_rejoin;
pub mod task_alloc_failure;
pub mod timing_captured_event;
pub mod unjoined_work;
pub mod update_after_profiled;
pub mod update_bad_task;
pub mod update_end_unmatched;
pub mod update_handle_busy;
pub mod update_kind_mismatch;
pub mod update_model_state;
pub mod update_nested;
pub mod update_non_capture;
pub mod update_null_handle;
pub mod update_on_bound_stream;
pub mod update_on_capturing_stream;
pub mod update_too_few;
pub mod update_too_many;
pub mod update_unsupported;
pub mod value_op_in_capture;
pub mod wait_never_recorded;
pub mod wait_on_outside_record;
pub mod wait_without_sync_flag;

use acg_diagnostics::Rule;

/// Every rule of the runtime model, by code.
pub static RULES: &[&Rule] = &[
    &begin_null_stream::RULE,
    &begin_bad_mode::RULE,
    &begin_bad_stream_flag::RULE,
    &begin_foreign_context::RULE,
    &begin_on_bound_stream::RULE,
    &begin_on_default_stream::RULE,
    &begin_while_capturing::RULE,
    &begin_no_resource::RULE,
    &end_null_model_out::RULE,
    &end_without_begin::RULE,
    &end_on_wrong_stream::RULE,
    &end_on_wrong_thread::RULE,
    &end_after_invalidation::RULE,
    &end_before_sub_capture::RULE,
    &end_with_open_task_group::RULE,
    &capture_never_ended::RULE,
    &getinfo_both_null::RULE,
    &exchange_null::RULE,
    &exchange_bad_mode::RULE,
    &exchange_not_restored::RULE,
    &end_result_ignored::RULE,
    &sub_stream_not_joined::RULE,
    &join_record_not_waited::RULE,
    &no_join_to_origin::RULE,
    &task_after_rejoin::RULE,
    &rejoin_with_external_event::RULE,
    &join_invalid_capture::RULE,
    &cross_capture_wait::RULE,
    &cross_capture_record::RULE,
    &unjoined_work::RULE,
    &default_stream_waits_captured::RULE,
    &default_stream_work::RULE,
    &join_bad_stream_flag::RULE,
    &destroy_captured_stream::RULE,
    &captured_before_begin::RULE,
    &captured_record_after_end::RULE,
    &legacy_event_record::RULE,
    &legacy_event_wait::RULE,
    &record_without_sync_flag::RULE,
    &wait_without_sync_flag::RULE,
    &event_bad_flag::RULE,
    &ipc_event_in_capture::RULE,
    &wait_on_outside_record::RULE,
    &wait_never_recorded::RULE,
    &reset_ex_event::RULE,
    &reset_legacy_in_capture::RULE,
    &re_record::RULE,
    &stale_association::RULE,
    &event_device_only::RULE,
    &captured_op_failed::RULE,
    &destroy_captured_event::RULE,
    &external_cannot_join::RULE,
    &external_not_reset::RULE,
    &external_host_query::RULE,
    &extflag_wrong_event::RULE,
    &extflag_not_capturing::RULE,
    &extflag_in_subgraph::RULE,
    &extflag_switched::RULE,
    &extflag_twice_in_graph::RULE,
    &extflag_bad_args::RULE,
    &extflag_unsupported::RULE,
    &extflag_event_lifetime::RULE,
    &sync_captured_stream::RULE,
    &query_captured_stream::RULE,
    &sync_captured_event::RULE,
    &query_captured_event::RULE,
    &timing_captured_event::RULE,
    &sync_device_in_capture::RULE,
    &overflow_status_in_capture::RULE,
    &stream_property_in_capture::RULE,
    &config_task_in_capture::RULE,
    &sync_memory_in_capture::RULE,
    &pageable_copy_captured::RULE,
    &pageable_copy_eager::RULE,
    &batch_copy::RULE,
    &stream_ordered_alloc::RULE,
    &self_copy::RULE,
    &async_host_to_host::RULE,
    &label_in_capture::RULE,
    &stream_switch_in_capture::RULE,
    &callback_not_subscribed::RULE,
    &hostfunc_data_lifetime::RULE,
    &value_op_in_capture::RULE,
    &cache_opinfo::RULE,
    &res_limit_late::RULE,
    &op_timeout::RULE,
    &bind_capturing_stream::RULE,
    &task_alloc_failure::RULE,
    &stream_clean_in_subgraph::RULE,
    &launch_after_invalid::RULE,
    &group_outside_capture::RULE,
    &group_nested::RULE,
    &group_end_unmatched::RULE,
    &group_bad_task::RULE,
    &group_broken_by_stream::RULE,
    &group_end_invalid::RULE,
    &group_null_handle_out::RULE,
    &group_empty::RULE,
    &group_handle_lifetime::RULE,
    &update_on_capturing_stream::RULE,
    &update_on_bound_stream::RULE,
    &update_nested::RULE,
    &update_handle_busy::RULE,
    &update_null_handle::RULE,
    &update_end_unmatched::RULE,
    &update_bad_task::RULE,
    &update_too_many::RULE,
    &update_too_few::RULE,
    &update_kind_mismatch::RULE,
    &update_unsupported::RULE,
    &update_model_state::RULE,
    &update_non_capture::RULE,
    &list_array_small::RULE,
    &update_after_profiled::RULE,
    &cond_unsupported::RULE,
    &cond_handle_model::RULE,
    &cond_handle_flag::RULE,
    &cond_null::RULE,
    &cond_type::RULE,
    &cond_arity::RULE,
    &cond_flags::RULE,
    &cond_stream_not_capturing::RULE,
    &cond_handle_reused::RULE,
    &cond_handle_other_graph::RULE,
    &cond_on_added_stream::RULE,
    &subcapture_model_kind::RULE,
    &subcapture_twice::RULE,
    &subcapture_stream_busy::RULE,
    &subcapture_failed_hidden::RULE,
    &submodel_forbidden_call::RULE,
    &execute_capturing_model::RULE,
    &execute_not_ready::RULE,
    &execute_on_capturing_stream::RULE,
    &execute_bad_stream::RULE,
    &execute_null_stream::RULE,
    &execute_sync_captured::RULE,
    &execute_sync_timeout::RULE,
    &execute_context::RULE,
    &destroy_capturing_model::RULE,
    &stale_model_handle::RULE,
    &destroy_missing::RULE,
    &resources_before_model::RULE,
    &abort_captured::RULE,
    &debugprint_args::RULE,
    &name_too_long::RULE,
    &graph_stream_total::RULE,
    &event_exhausted::RULE,
    &notify_exhausted::RULE,
    &external_event_exhausted::RULE,
    &build_flag::RULE,
    &bind_not_persistent::RULE,
    &bind_null_stream::RULE,
    &bind_two_models::RULE,
    &bind_flags::RULE,
    &build_end_reserve::RULE,
    &task_after_build_end::RULE,
    &build_ex_event::RULE,
    &build_unbind_first::RULE,
    &bind_head_flag::RULE,
    &build_event_host_sync::RULE,
    &sync_wait_before_record::RULE,
    &sync_host_wait_flag::RULE,
    &sync_reset_many_waiters::RULE,
    &sync_time_flag::RULE,
    &sync_arg_order::RULE,
    &sync_timeout_arg::RULE,
    &null_argument::RULE,
    &null_handle::RULE,
    &null_notify::RULE,
    &list_null::RULE,
    &kernel_schem_mode::RULE,
    &copy_size::RULE,
    &count_notify_unsupported::RULE,
    &stream_flag_unsupported::RULE,
    &stream_exhausted::RULE,
    &extflag_after_plain_record::RULE,
    &callback_subscribed_twice::RULE,
];

use crate::machine::Machine;
use crate::refusal::Verdict;
use crate::state::{InnerId, ModelId};

/// Every joined stream must come back to the origin of its capture (capture-rules, section 2).
pub(crate) fn check_joins(m: &Machine<'_>, model: ModelId) -> Verdict {
    for &inner in &m.state.models[model].inners {
        if m.must_join(model, inner) {
            sub_stream_not_joined::check(m, inner)?;
            rejoin_with_external_event::check(m, inner)?;
            join_record_not_waited::check(m, inner)?;
        }
    }
    no_join_to_origin::check(m, model)
}

/// The remedy for a stream that does not come back.
fn come_back(m: &Machine<'_>, inner: InnerId) -> String {
    let object = &m.state.inners[inner];
    let name = m.stream_name(object.stream);
    let origin = m.origin_of(object.model).map_or("the origin", |origin| m.stream_name(origin));
    format!(
        "after the last task on {name}, record an event on {name} and let {origin} wait for it: aclrtRecordEvent(event, {name}); aclrtStreamWaitEvent({origin}, event)"
    )
}

/// What can only be seen when the log is over.
pub(crate) fn at_the_end(m: &mut Machine<'_>) {
    capture_never_ended::look(m);
    exchange_not_restored::look(m);
    destroy_missing::look(m);
}
