//! Executions of captured graphs, and the branches of conditional tasks inside of them.

use acg_ir::body::{BodyId, Conditional, ConditionalKind};
use acg_ir::{Entity, GraphId, Place};

use crate::executor::{Engine, Lane};
use crate::fault::{Fault, FaultKind, Line, Site};
use crate::program::{Node, Root, Touch};

/// One execution of a section.
pub(crate) struct Instance {
    pub(crate) graph: GraphId,
    pub(crate) section: u32,
    /// The first inner lane.
    first_lane: u32,
    /// The stream that executes the graph.
    stream: u32,
    parent: Parent,
    /// How many records each node still waits for.
    pub(crate) pending: Vec<u32>,
    /// Where records ran that nodes wait for.
    places: Vec<Option<Place>>,
    /// Nodes that have not run.
    remaining: usize,
    /// The number of its first node among all tasks.
    pub(crate) number: u64,
}

/// What goes on when a section is complete.
#[derive(Clone, Debug)]
enum Parent {
    /// The next segments of the graph, then the stream.
    Stream { site: Site, next: std::ops::Range<usize> },
    /// A conditional task: a node of another instance.
    Node { instance: u32, node: u32 },
}

impl Engine<'_> {
    /// The line that a node does, which an update may have replaced.
    pub(crate) fn resolved(&self, node: &Node, graph: GraphId) -> Site {
        let updated = node
            .group
            .and_then(|(group, number)| self.updated.get(&(graph, group))?.get(number as usize).copied());
        updated.unwrap_or(node.site)
    }

    /// Starts the execution of some sections of a graph, one after the other.
    pub(crate) fn start_graph(
        &mut self,
        stream: u32,
        site: Site,
        graph: GraphId,
        segments: std::ops::Range<usize>,
    ) -> Result<(), Fault> {
        let Some(captured) = self.program.graphs.get(graph.index()) else { return Ok(()) };
        let mut segments = segments;
        while let Some(segment) = segments.next() {
            let first = captured.conds.partition_point(|&(place, _)| place < segment);
            for &(_, cond) in captured.conds[first..].iter().take_while(|(place, _)| *place == segment) {
                let data = self.program.module.conds[cond];
                let value = data.default.unwrap_or(0).to_le_bytes();
                let whole = acg_ir::Access { root: data.value, extent: acg_ir::Extent::range(0, 8) };
                let written = self.memory.scatter(&whole, &value);
                written.map_err(|refusal| Fault::not_executable(site, refusal.0))?;
            }
            let Some(&section) = captured.segments.get(segment) else { continue };
            let parent = Parent::Stream { site, next: segments.clone() };
            if self.start_section(stream, graph, section, parent, self.places[stream as usize]) {
                return Ok(());
            }
        }
        self.next_entry(stream);
        Ok(())
    }

    /// Starts a section; says no where it has no nodes.
    fn start_section(
        &mut self,
        stream: u32,
        graph: GraphId,
        section: u32,
        parent: Parent,
        after: Option<Place>,
    ) -> bool {
        let program = self.program;
        let (Some(data), Some(&first)) = (program.sections.get(section as usize), self.inner.get(&stream))
        else {
            return false;
        };
        if data.nodes.is_empty() {
            return false;
        }
        self.calls += 1;
        let instance = Instance {
            graph,
            section,
            first_lane: first + data.first_lane,
            stream,
            parent,
            pending: data.nodes.iter().map(|node| node.waits).collect(),
            places: vec![None; data.nodes.len()],
            remaining: data.nodes.len(),
            number: self.calls << 32,
        };
        let id = if let Some(id) = self.free_instances.pop() {
            self.instances[id as usize] = instance;
            id
        } else {
            self.instances.push(instance);
            self.instances.len() as u32 - 1
        };
        for (number, nodes) in data.lanes.iter().enumerate() {
            let lane = first + data.first_lane + number as u32;
            self.lanes[lane as usize] = Lane::Inner { instance: Some(id), number: number as u32, done: 0 };
            // A lane that starts with a wait comes after the record that it waits for, which comes after all this.
            let joins = nodes.first().is_some_and(|&node| data.nodes[node as usize].waits > 0);
            if !joins {
                self.races.wait(lane, after);
            }
            self.offer(lane);
        }
        true
    }

    /// Runs the next node of an inner lane.
    pub(crate) fn step_node(&mut self, lane: u32) -> Result<(), Fault> {
        let Some(&Lane::Inner { instance: Some(id), number, done }) = self.lanes.get(lane as usize) else {
            return Ok(());
        };
        let (program, instance) = (self.program, &self.instances[id as usize]);
        let section = &program.sections[instance.section as usize];
        let Some(&index) = section.lanes.get(number as usize).and_then(|nodes| nodes.get(done)) else {
            return Ok(());
        };
        let node = &section.nodes[index as usize];
        let site = self.resolved(node, instance.graph);
        self.spend(Some(site))?;
        let joined = self.instances[id as usize].places[index as usize];
        self.races.wait(lane, joined);
        if let Line::Conditional(conditional) = site.line {
            return self.decide(lane, id, index, conditional);
        }
        let group = node.group.map(|(group, _)| {
            let root = Root::Group(self.instances[id as usize].graph, group);
            Touch { root, start: 0, end: 1, strided: None, writes: false }
        });
        self.execute(lane, site, group.as_slice())?;
        self.complete(lane, id, index)
    }

    /// A node is complete: what waits for it may run.
    fn complete(&mut self, lane: u32, id: u32, index: u32) -> Result<(), Fault> {
        let program = self.program;
        let place = self.places[lane as usize];
        let instance = &mut self.instances[id as usize];
        let section = &program.sections[instance.section as usize];
        let first = instance.first_lane;
        instance.remaining -= 1;
        let is_last = instance.remaining == 0;
        if let Some(Lane::Inner { done, .. }) = self.lanes.get_mut(lane as usize) {
            *done += 1;
        }
        for &waiting in &section.nodes[index as usize].releases {
            let instance = &mut self.instances[id as usize];
            instance.places[waiting as usize] = place;
            let pending = &mut instance.pending[waiting as usize];
            *pending -= 1;
            let target = first + section.nodes[waiting as usize].lane;
            let is_next = match self.lanes.get(target as usize) {
                Some(&Lane::Inner { number, done, .. }) => {
                    section.lanes[number as usize].get(done) == Some(&waiting)
                }
                _ => false,
            };
            // The lane of this node is offered below.
            if *pending == 0 && is_next && target != lane {
                self.offer(target);
            }
        }
        if is_last {
            self.finish(id)
        } else {
            self.offer(lane);
            Ok(())
        }
    }

    /// A section is complete.
    fn finish(&mut self, id: u32) -> Result<(), Fault> {
        let instance = &self.instances[id as usize];
        let (parent, stream, graph, first) =
            (instance.parent.clone(), instance.stream, instance.graph, instance.first_lane);
        let lanes = self.program.sections[instance.section as usize].lanes.len() as u32;
        self.free_instances.push(id);
        let after = match parent {
            Parent::Stream { .. } => stream,
            Parent::Node { instance, node } => self.lane_of(instance, node),
        };
        for lane in first..first + lanes {
            if let Some(Lane::Inner { instance, .. }) = self.lanes.get_mut(lane as usize) {
                *instance = None;
            }
            let last = self.places[lane as usize];
            self.races.wait(after, last);
        }
        match parent {
            Parent::Stream { site, next } => {
                let place = self.races.step(stream, site, &[]);
                self.places[stream as usize] = place;
                self.start_graph(stream, site, graph, next)
            }
            Parent::Node { instance, node } => {
                let data = &self.program.sections[self.instances[instance as usize].section as usize];
                let site = data.nodes[node as usize].site;
                match site.line {
                    Line::Conditional(conditional) if self.repeats(graph, conditional) => {
                        self.decide(after, instance, node, conditional)
                    }
                    _ => {
                        // What comes after the task comes after its branch.
                        self.places[after as usize] = self.races.step(after, site, &[]);
                        self.complete(after, instance, node)
                    }
                }
            }
        }
    }

    /// Another round of a loop begins.
    fn count_round(&mut self, id: u32, index: u32, site: Site) -> Result<(), Fault> {
        let limit = self.options.round_limit;
        let rounds = self.rounds.entry((id, index)).or_insert(0);
        *rounds += 1;
        if *rounds > limit {
            let message = format!("this loop has run {limit} rounds, and its condition still holds");
            return Err(Fault::new(FaultKind::Limit, Some(site), message));
        }
        Ok(())
    }

    fn lane_of(&self, instance: u32, node: u32) -> u32 {
        let instance = &self.instances[instance as usize];
        let section = &self.program.sections[instance.section as usize];
        instance.first_lane + section.nodes[node as usize].lane
    }

    fn repeats(&self, graph: GraphId, conditional: Conditional) -> bool {
        self.program.module.graphs[graph].conditionals[conditional].kind == ConditionalKind::While
    }

    /// Looks at the value of a conditional task and starts the branch that it chooses.
    fn decide(&mut self, lane: u32, id: u32, index: u32, conditional: Conditional) -> Result<(), Fault> {
        let graph = self.instances[id as usize].graph;
        let site = Site { body: BodyId::Graph(graph), line: Line::Conditional(conditional) };
        let body = &self.program.module.graphs[graph];
        let data = body.conditionals[conditional];
        let value = self.program.module.conds[data.cond].value;
        let touch = Touch { root: Root::Buffer(value), start: 0, end: 8, strided: None, writes: false };
        loop {
            self.spend(Some(site))?;
            let place = self.races.step(lane, site, &[touch]);
            self.places[lane as usize] = place;
            let word = self.word(value);
            let branch = match data.kind {
                ConditionalKind::If => Some(u64::from(word == 0)),
                ConditionalKind::While => (word != 0).then_some(0),
                ConditionalKind::Switch => Some(word),
            };
            let branches = self.program.branches.get(&(graph, conditional));
            let chosen = branch.and_then(|wanted| *branches?.get(usize::try_from(wanted).ok()?)?);
            if chosen.is_none() && data.kind == ConditionalKind::Switch {
                let name = self.program.module.text(self.program.module.conds[data.cond].name);
                let message = format!("`{name}` is {word}, which is the number of no case");
                return Err(Fault::not_executable(site, message));
            }
            let Some(section) = chosen else {
                self.rounds.remove(&(id, index));
                return self.complete(lane, id, index);
            };
            if data.kind == ConditionalKind::While {
                self.count_round(id, index, site)?;
            }
            let stream = self.instances[id as usize].stream;
            let parent = Parent::Node { instance: id, node: index };
            if self.start_section(stream, graph, section, parent, place) {
                return Ok(());
            }
            if data.kind != ConditionalKind::While {
                return self.complete(lane, id, index);
            }
        }
    }
}
