//! Sync tasks of four streams against those of an assignment for full concurrency (Nimble).

mod graphs;

use acg_schedule::{
    Device, Give, Rule, Streams, SyncTasks, colour_events, improve_syncs, place, simulate, tails,
};

const STREAMS: Streams = Streams { count: 4, latency: 1_500 };
const DEVICE: Device = Device { slots: Some(4), sync_latency: 1_500 };

#[test]
fn far_fewer_sync_tasks_at_the_makespan_of_list_scheduling() {
    let (mut logs, mut counted) = (0.0, 0.0);
    for graph in graphs::all() {
        let list = graphs::nanoseconds(&graph.facts["heft"]["4"]["makespan"]);
        let reference = graph.facts["nimble"]["sync_tasks_total"].as_f64().expect("a count");
        let plan = [0, STREAMS.latency]
            .map(|step| place(&graph.dag, STREAMS, Rule::ByTime, &tails(&graph.dag, step)).plan(&graph.dag));
        let timed = plan.map(|plan| (simulate(&graph.dag, &DEVICE, &plan).expect("a plan").makespan, plan));
        let (makespan, plan) = timed.into_iter().min_by_key(|(makespan, _)| *makespan).expect("two plans");
        let give = Give { makespan: list.saturating_sub(makespan), visits: 400_000, time_limit: None };
        let better = improve_syncs(&graph.dag, &DEVICE, &plan, give, &mut ());
        let replayed = simulate(&graph.dag, &DEVICE, &better).expect("a plan").makespan;
        assert!(replayed <= makespan.max(list), "{}: {replayed} after {makespan}", graph.name);
        let events = colour_events(&better, 0);
        assert_eq!(events.count, events.least, "{}", graph.name);
        assert!(events.count <= SyncTasks::of(&better).records, "{}", graph.name);
        if reference > 0.0 {
            logs += (f64::from(SyncTasks::of(&better).total().max(1)) / reference).ln();
            counted += 1.0;
        }
    }
    let mean = f64::exp(logs / counted);
    // With a thousand times the visits it is 0.22 over the whole collection, and 0.35 here; the small graphs alone have less to give.
    assert!(mean < 0.45, "the geometric mean of {counted} ratios is {mean}");
}
