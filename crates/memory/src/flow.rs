//! Maximum flow by blocking flows (Dinic 1970), without recursion, on arcs in flat arrays.

const NONE: u32 = u32::MAX;

/// A capacity that no flow here exhausts.
pub(crate) const UNLIMITED: u64 = u64::MAX;

/// Takes `taken` from `steps`; `None` where there are not so many left, and then there are none.
pub(crate) fn spend(steps: &mut u64, taken: u64) -> Option<()> {
    let left = steps.checked_sub(taken);
    *steps = left.unwrap_or(0);
    left.map(|_| ())
}

/// A network whose arcs are added one by one.
#[derive(Debug, Default)]
pub(crate) struct Network {
    /// The last arc added at each node.
    newest: Vec<u32>,
    /// For each arc, the one added before it at the same node. Arcs `2i` and `2i + 1` are each other's reverse.
    older: Vec<u32>,
    to: Vec<u32>,
    spare: Vec<u64>,
    level: Vec<u32>,
    next: Vec<u32>,
}

impl Network {
    pub(crate) fn new(nodes: usize) -> Self {
        Self { newest: vec![NONE; nodes], ..Self::default() }
    }

    /// Adds an arc and gives its number.
    pub(crate) fn add(&mut self, from: u32, to: u32, capacity: u64) -> u32 {
        let arc = self.to.len() as u32;
        self.half(from, to, capacity);
        self.half(to, from, 0);
        arc
    }

    /// Lets the arcs `path` carry up to `amount` from the beginning, as much as all of them hold; gives how much that is.
    pub(crate) fn carry(&mut self, path: &[u32], amount: u64) -> u64 {
        let amount = path.iter().map(|&arc| self.spare[arc as usize]).fold(amount, u64::min);
        for &arc in path {
            self.push(arc, amount);
        }
        amount
    }

    /// Where arcs that were added at `node` lead, and how much they carry; those that carry nothing are left out.
    pub(crate) fn carried(&self, node: u32) -> impl Iterator<Item = (u32, u64)> {
        let older = |&arc: &u32| Some(self.older[arc as usize]).filter(|&arc| arc != NONE);
        let arcs = std::iter::successors(Some(self.newest[node as usize]).filter(|&arc| arc != NONE), older);
        arcs.filter(|arc| arc.is_multiple_of(2))
            .map(|arc| (self.to[arc as usize], self.spare[arc as usize ^ 1]))
            .filter(|&(_, amount)| amount > 0)
    }

    fn half(&mut self, from: u32, to: u32, capacity: u64) {
        let newest = &mut self.newest[from as usize];
        self.older.push(std::mem::replace(newest, self.to.len() as u32));
        self.to.push(to);
        self.spare.push(capacity);
    }

    /// By how much a flow grows to become maximal; `None` where that takes more than `steps`, which become fewer by what it takes.
    pub(crate) fn max_flow(&mut self, source: u32, sink: u32, steps: &mut u64) -> Option<u64> {
        let mut flow = 0;
        let mut path = Vec::new();
        while self.levels(source, sink) {
            let mut taken = self.to.len() as u64;
            self.next.clone_from(&self.newest);
            flow += self.block(source, sink, &mut path, &mut taken);
            spend(steps, taken)?;
        }
        Some(flow)
    }

    /// The nodes that the source still reaches: a smallest cut once the flow is maximal.
    pub(crate) fn reached(&self, node: u32) -> bool {
        self.level[node as usize] != NONE
    }

    fn levels(&mut self, source: u32, sink: u32) -> bool {
        self.level.clear();
        self.level.resize(self.newest.len(), NONE);
        self.level[source as usize] = 0;
        let mut queue = vec![source];
        let mut head = 0;
        while let Some(&node) = queue.get(head) {
            head += 1;
            let mut arc = self.newest[node as usize];
            while arc != NONE {
                let to = self.to[arc as usize];
                if self.spare[arc as usize] > 0 && self.level[to as usize] == NONE {
                    self.level[to as usize] = self.level[node as usize] + 1;
                    queue.push(to);
                }
                arc = self.older[arc as usize];
            }
        }
        self.level[sink as usize] != NONE
    }

    /// Pushes until every shortest path has a full arc; goes back only to the first full arc of a path.
    fn block(&mut self, source: u32, sink: u32, path: &mut Vec<u32>, steps: &mut u64) -> u64 {
        let mut total = 0;
        path.clear();
        loop {
            *steps += 1;
            let node = path.last().map_or(source, |&arc| self.to[arc as usize]);
            if node == sink {
                let least = path.iter().map(|&arc| self.spare[arc as usize]).min().unwrap_or(0);
                total += least;
                *steps += path.len() as u64;
                for &arc in path.iter() {
                    self.push(arc, least);
                }
                let full = path.iter().position(|&arc| self.spare[arc as usize] == 0);
                path.truncate(full.unwrap_or(0));
                continue;
            }
            let arc = self.next[node as usize];
            if arc == NONE {
                let Some(back) = path.pop() else { return total };
                // Nothing leads on from here: the arc that led here is of no use either.
                let before = self.to[back as usize ^ 1];
                self.next[before as usize] = self.older[back as usize];
                continue;
            }
            let onward = self.level[self.to[arc as usize] as usize] == self.level[node as usize] + 1;
            if onward && self.spare[arc as usize] > 0 {
                path.push(arc);
            } else {
                self.next[node as usize] = self.older[arc as usize];
            }
        }
    }

    fn push(&mut self, arc: u32, amount: u64) {
        let arc = arc as usize;
        // An unlimited arc stays unlimited; what flows back along it is what came.
        if self.spare[arc] != UNLIMITED {
            self.spare[arc] -= amount;
        }
        if self.spare[arc ^ 1] != UNLIMITED {
            self.spare[arc ^ 1] += amount;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn a_flow_takes_back_what_was_sent_the_wrong_way() {
        // The shortest path 0-1-2-3 must be undone to send two units by 0-1-3 and 0-2-3.
        let mut network = Network::new(4);
        for (from, to) in [(1, 3), (0, 2), (2, 3), (1, 2), (0, 1)] {
            network.add(from, to, 1);
        }
        assert_eq!(network.max_flow(0, 3, &mut 1000), Some(2));
        assert!(network.reached(0) && !network.reached(3));
    }

    #[test]
    fn a_flow_goes_on_from_what_is_carried() {
        let mut network = Network::new(4);
        let arcs = [(0, 1), (1, 2), (2, 3), (0, 2), (1, 3)].map(|(from, to)| network.add(from, to, 5));
        assert_eq!(network.carry(&arcs[..3], 9), 5);
        assert_eq!(network.carry(&arcs[..3], 9), 0);
        assert_eq!(network.max_flow(0, 3, &mut 1000), Some(5));
        assert_eq!(network.carried(0).map(|(_, amount)| amount).sum::<u64>(), 10);
        assert_eq!(network.carried(1).collect::<Vec<_>>(), [(3, 5)]);
    }
}
