//! Fronts of streams and waits against reference results computed by other programs.

mod graphs;

use acg_schedule::{Front, Point, fewest_syncs, reduction};

#[test]
fn fronts_are_the_reference_ones_and_prove_themselves() {
    for graph in graphs::all() {
        let name = &graph.name;
        let number = |value: &serde_json::Value| value.as_u64().and_then(|value| u32::try_from(value).ok());
        let reduced = reduction(&graph.dag);
        assert_eq!(number(&graph.facts["edges_reduced"]), u32::try_from(reduced.edge_count()).ok(), "{name}");
        let front = Front::of_reduced(&reduced);
        assert!(front.is_proved(&reduced), "{name}");
        if let Some(width) = number(&graph.facts["width"]) {
            assert_eq!(front.width(), width, "{name}");
        }
        let known = &graph.facts["exact_max_concurrency"];
        if let Some(syncs) = number(&known["min_syncs"]) {
            let streams = number(&known["min_streams_at_min_syncs"]).expect("both ends are known");
            assert_eq!(front.fewest_syncs.point(&reduced), Point { streams, syncs }, "{name}");
            let streams = number(&known["min_streams"]).expect("both ends are known");
            let syncs = number(&known["min_syncs_at_min_streams"]).expect("both ends are known");
            assert_eq!(front.fewest_streams.point(&reduced), Point { streams, syncs }, "{name}");
        }
        for cover in [&front.fewest_syncs, &front.fewest_streams] {
            let needed = fewest_syncs(&graph.dag, &cover.plan()).len();
            assert_eq!(u32::try_from(needed).ok(), Some(cover.point(&reduced).syncs), "{name}");
        }
    }
}
