//! Which dumps are the same graph on several ranks.
//!
//! File names tell: torchair writes `graph_1_id_…_rank_0_pid_…_ts_….json`, people write `rank0.json` or `rank0/modelRI.json`.
//! Names that are the same but for the number behind `rank`, and the numbers behind `pid`, `ts` and `id`, which differ from run to
//! run, are one graph.

use std::collections::BTreeMap;

use crate::subject::Subject;

/// The dumps of one graph on several ranks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// Each rank and which of the dumps is its, by rank.
    pub(crate) ranks: Vec<(u32, usize)>,
}

impl Group {
    /// Why these dumps are compared.
    pub(crate) fn explanation(&self, dumps: &[Subject<'_>]) -> String {
        let ranks: Vec<String> = self.ranks.iter().map(|(rank, _)| rank.to_string()).collect();
        let names: Vec<&str> = self.ranks.iter().map(|&(_, dump)| dumps[dump].name).collect();
        let shown = |texts: Vec<&str>| match texts.len() {
            0..=8 => texts.join(", "),
            count => format!("{}, … ({count} in all)", texts[..8].join(", ")),
        };
        format!(
            "ranks {} are taken as one group because the names of their dumps differ in nothing but the rank: {}",
            shown(ranks.iter().map(String::as_str).collect()),
            shown(names)
        )
    }
}

/// The groups among `dumps`, in the order of their first dumps.
pub(crate) fn groups(dumps: &[Subject<'_>]) -> Vec<Group> {
    let mut groups: BTreeMap<(String, usize), BTreeMap<u32, usize>> = BTreeMap::new();
    let mut firsts: Vec<(String, usize)> = Vec::new();
    // Several dumps of one rank under one name are several graphs, told apart by their order.
    let mut seen: BTreeMap<(String, u32), usize> = BTreeMap::new();
    for (index, dump) in dumps.iter().enumerate() {
        let Some((rank, name)) = rank_of(dump.name) else { continue };
        let count = seen.entry((name.clone(), rank)).or_default();
        let key = (name, *count);
        *count += 1;
        if !groups.contains_key(&key) {
            firsts.push(key.clone());
        }
        groups.entry(key).or_default().insert(rank, index);
    }
    let groups = firsts.iter().filter_map(|key| groups.get(key));
    groups
        .filter(|ranks| ranks.len() > 1)
        .map(|ranks| Group { ranks: ranks.iter().map(|(&rank, &dump)| (rank, dump)).collect() })
        .collect()
}

/// The words whose numbers differ between the dumps of one graph.
const WORDS: [&str; 4] = ["rank", "pid", "ts", "id"];

/// The rank that `name` tells, and the name without what differs between ranks; the last of several ranks counts.
fn rank_of(name: &str) -> Option<(u32, String)> {
    let bytes = name.as_bytes();
    let mut rank = None;
    let mut masked = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        let starts_word = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let found = WORDS.iter().find(|word| {
            starts_word
                && bytes
                    .get(at..at + word.len())
                    .is_some_and(|text| text.eq_ignore_ascii_case(word.as_bytes()))
        });
        let Some(word) = found else {
            at += 1;
            continue;
        };
        let mut digits = at + word.len();
        digits += usize::from(bytes.get(digits).is_some_and(|byte| matches!(byte, b'_' | b'-' | b'=')));
        let count = bytes[digits..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        at += word.len();
        if count == 0 {
            continue;
        }
        if *word == "rank" {
            rank = name[digits..digits + count].parse().ok().or(rank);
        }
        masked.push_str(&name[copied..digits]);
        masked.push('#');
        copied = digits + count;
        at = copied;
    }
    masked.push_str(&name[copied..]);
    rank.map(|rank| (rank, masked))
}

#[cfg(test)]
mod tests {
    use super::rank_of;

    #[track_caller]
    fn expect(name: &str, rank: u32, masked: &str) {
        assert_eq!(rank_of(name), Some((rank, masked.to_owned())));
    }

    #[test]
    fn names_tell_ranks() {
        expect("rank3.json", 3, "rank#.json");
        expect("out/rank_12/modelRI.json", 12, "out/rank_#/modelRI.json");
        expect("RANK-0.json.gz", 0, "RANK-#.json.gz");
        expect("graph_1_id_77_rank_4_pid_123_ts_456.json", 4, "graph_1_id_#_rank_#_pid_#_ts_#.json");
        for name in [
            "modelRI.json",
            "frank1.json",
            "rank.json",
            "ranking.json",
            "",
            "rank_x7.json",
            "rank99999999999.json",
        ] {
            assert_eq!(rank_of(name), None, "{name}");
        }
    }
}
