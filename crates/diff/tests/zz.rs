mod support;
use support::{mutation::ALL, program::*, rng::Rng};
#[test]
fn show() {
    let seed: u64 = std::env::var("SEED").unwrap().parse().unwrap();
    let kind: usize = std::env::var("KIND").unwrap().parse().unwrap();
    let mut rng = Rng::new(seed * 1000 + kind as u64);
    let size = 10 + rng.below(60);
    let lanes = 1 + rng.below(6);
    let old = Program::random(&mut rng, size, lanes, Names::Unique);
    let mut new = old.clone();
    let d = ALL[kind].1(&mut new, &mut rng, Names::Unique);
    println!("{d:?}");
    for p in [&old, &new] {
        for l in &p.lanes {
            for o in l {
                let u = o.uid;
                match &o.what {
                    What::Record(e) => print!("{u}R{e} "),
                    What::Wait(e) => print!("{u}W{e} "),
                    _ => print!("{u} "),
                }
            }
            println!()
        }
        println!()
    }
    let (a, b) = (old.trace(seed), new.trace(seed + 1));
    let r = acg_diff::diff(&a, &b, acg_diff::Parts::default());
    let (ou, nu) = (old.uids(), new.uids());
    use acg_entity::Entity;
    for o in &r.orderings {
        println!("{:?} {:?} {:?}", o.kind, ou[o.first.0.index()], ou[o.second.0.index()]);
        let _ = &nu;
    }
    let g = |t: acg_trace::Trace| acg_diff::Graph { name: "g".into(), trace: t };
    let (x, y) = ([g(a)], [g(b)]);
    println!(
        "{}",
        acg_diff::human(
            &acg_diff::diff_files(("a", "b"), &x, &y, acg_diff::Parts::default()),
            acg_diff::RenderOptions::default()
        )
    );
}
