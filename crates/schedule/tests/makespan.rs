//! Schedules of known graphs keep to what was reached on them.

mod graphs;

use acg_schedule::{Device, Effort, Options, schedule, simulate};

/// The optimum on four streams where it is known, in nanoseconds.
const KNOWN: &[(&str, Option<u64>)] = &[
    ("cholesky_t12", None),
    ("dlrm_26t", Some(178_042)),
    ("forkjoin_20x8", Some(1_183_500)),
    ("inception_v3", Some(389_287)),
    ("mmoe_3t_16e", None),
    ("randwire_ws_s1", Some(585_367)),
    ("squeezenet1_0", Some(145_545)),
];

#[test]
fn graphs_are_scheduled_as_well_as_is_known() {
    let all = graphs::all();
    for &(name, optimum) in KNOWN {
        let graph = all
            .iter()
            .find(|graph| graph.name == name)
            .unwrap_or_else(|| panic!("{name} is in testdata/graphs"));
        // Reference figures are rounded to hundredths of a microsecond.
        let heft = graphs::nanoseconds(&graph.facts["heft"]["4"]["makespan"]) + 10;
        let options = Options { max_streams: 4, tolerance: 0, effort: Effort::Normal, time_limit: None };
        let found = schedule(&graph.dag, &Device::default(), &options);
        let replay = simulate(&graph.dag, &Device::default(), &found.plan).expect("a plan");
        assert_eq!(replay.makespan, found.makespan, "{name}");
        assert!(found.plan.streams <= 4 && found.makespan <= heft, "{name}: {} over {heft}", found.makespan);
        if let Some(optimum) = optimum {
            assert_eq!((found.makespan, found.bound.value), (optimum, optimum), "{name}");
        }
    }
}

#[test]
fn the_same_graph_gives_the_same_schedule() {
    let all = graphs::all();
    for graph in all.iter().filter(|graph| KNOWN.iter().any(|&(name, _)| name == graph.name)) {
        let options = Options { max_streams: 3, effort: Effort::Normal, ..Options::default() };
        let [one, two] = [(); 2].map(|()| schedule(&graph.dag, &Device::default(), &options));
        assert_eq!((one.plan, one.bound), (two.plan, two.bound), "{}", graph.name);
    }
}
