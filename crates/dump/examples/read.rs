//! Reads a dump and says how long that took: `cargo run --release -p acg-dump --example read -- FILE`.

use std::time::Instant;

fn main() {
    for path in std::env::args().skip(1) {
        let mut file = std::fs::File::open(&path).expect("a file that can be opened");
        let start = Instant::now();
        match acg_dump::read_any(&mut file) {
            Ok(reading) => {
                let records: usize = reading.dumps.iter().map(|dump| dump.records.len()).sum();
                println!("{path}: {records} records in {:?}", start.elapsed());
                reading.repairs.iter().for_each(|repair| println!("  {repair}"));
            }
            Err(error) => println!("{path}: {error}"),
        }
    }
}
