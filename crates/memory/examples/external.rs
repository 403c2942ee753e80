//! Times placements of published instances: `external FILE.csv [CAPACITY]`.
use std::time::Instant;
fn main() {
    let cap: Option<u64> = std::env::var("CAP").ok().map(|x| x.parse().unwrap());
    let steps = std::env::var("STEPS").map_or(2_000_000_000, |x| x.parse().unwrap());
    let seed = std::env::var("SEED").map_or(1, |x| x.parse().unwrap());
    for f in std::env::args().skip(1) {
        let t = acg_memory::read_csv(&std::fs::read_to_string(&f).unwrap()).unwrap();
        let s = Instant::now();
        let c = cpu();
        let p = acg_memory::place(&t.instance, &acg_memory::Effort { enough: cap, steps, seed, ..Default::default() });
        println!("{} n={} peak={} bound={} ratio={:.5} optimal={} wall={:.3} cpu={:.3}", f.rsplit('/').next().unwrap(), t.ids.len(), p.peak, p.bound.bytes, p.peak as f64 / p.bound.bytes as f64, p.is_optimal(), s.elapsed().as_secs_f64(), cpu() - c);
    }
}
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/stat").unwrap();
    let v: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (v[11].parse::<f64>().unwrap() + v[12].parse::<f64>().unwrap()) / 100.0
}
