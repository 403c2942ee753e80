//! Says what dumps mean and how long finding out took: `cargo run --release -p acg-trace --example understand -- FILES`.

use std::time::Instant;

use acg_trace::{Fingerprint, Order, Trace};

fn main() {
    for path in std::env::args().skip(1) {
        let mut file = std::fs::File::open(&path).expect("a file that can be opened");
        let start = Instant::now();
        let reading = match acg_dump::read_any(&mut file) {
            Ok(reading) => reading,
            Err(error) => {
                println!("{path}: {error}");
                continue;
            }
        };
        println!("{path}: read in {:?}", start.elapsed());
        for dump in reading.dumps {
            let start = Instant::now();
            let trace = Trace::of(dump);
            let understood = start.elapsed();
            let order = Order::of(&trace);
            let ordered = start.elapsed();
            let last = trace.order.last();
            let whole =
                last.is_some_and(|&last| trace.order.first().is_some_and(|&first| order.before(first, last)));
            let fingerprint = Fingerprint::of(&trace);
            let (tasks, lanes, pairs) = (trace.tasks.len(), trace.lanes.len(), trace.links.len());
            println!(
                "  {tasks} tasks, {lanes} lanes, {pairs} pairs, {} circles: {understood:?}",
                trace.links.circles().len()
            );
            println!(
                "  order by {ordered:?} (first before last: {whole}), fingerprint {fingerprint} by {:?}",
                start.elapsed()
            );
        }
    }
}
