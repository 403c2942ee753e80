//! Hands the bytes of buffers that are over to buffers that come, in the order of first use: quickly, and not always as many as can be.
//!
//! What nobody hands to a buffer is what it adds to the memory in use, if bytes could be had in pieces. So the sum is a bound from above for the heaviest
//! antichain, and the flow that finds it exactly has less to do when it begins with this. A buffer takes first what its stream has learned of last,
//! because others know of that least.

use crate::Accesses;
use crate::accesses::Endings;

/// Bytes that one buffer hands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handed {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) bytes: u64,
}

/// Buffers looked at for one that comes: most of what a stream has learned can be had, so that few do.
const MOST_LOOKED: usize = 64;

/// Which buffer hands how many of its `bytes` to which, and how many bytes nobody hands to anybody.
pub(crate) fn hand_over(accesses: &Accesses, bytes: &[u64]) -> (Vec<Handed>, u64) {
    let streams = accesses.clocks.streams;
    let endings = Endings::of(accesses);
    let mut left = bytes.to_vec();
    let mut known = vec![Known { over: vec![0; streams], buffers: Vec::new() }; streams];
    let (mut handed, mut added) = (Vec::new(), 0);
    for to in accesses.by_first_use() {
        let Some(stream) = accesses.first_stream(to as usize) else { continue };
        let known = &mut known[stream];
        known.learn(accesses, &endings, to);
        let mut wanted = bytes[to as usize];
        let (mut at, mut looked) = (known.buffers.len(), 0);
        while wanted > 0 && at > 0 && looked < MOST_LOOKED {
            at -= 1;
            let from = known.buffers[at];
            // What the stream knows to be over may be in use while others that touch the buffer first start.
            if left[from as usize] > 0 && accesses.precedes(from as usize, to as usize) {
                let part = left[from as usize].min(wanted);
                left[from as usize] -= part;
                wanted -= part;
                handed.push(Handed { from, to, bytes: part });
            }
            if left[from as usize] == 0 {
                known.buffers.swap_remove(at);
            } else {
                looked += 1;
            }
        }
        added += wanted;
    }
    (handed, added)
}

/// What a stream has learned.
#[derive(Clone, Debug)]
struct Known {
    /// How many tasks of each stream are over.
    over: Vec<u32>,
    /// Buffers that are over, the last learned of last.
    buffers: Vec<u32>,
}

impl Known {
    /// Learns what is over before `to` is touched.
    fn learn(&mut self, accesses: &Accesses, endings: &Endings, to: u32) {
        let now = accesses.over(to as usize);
        for (stream, (before, now)) in self.over.iter_mut().zip(now.iter()).enumerate() {
            if now > *before {
                let ended =
                    endings.between(accesses, stream, *before, now).iter().map(|ending| ending.buffer);
                self.buffers.extend(ended.filter(|&from| accesses.precedes(from as usize, to as usize)));
                *before = now;
            }
        }
    }
}
