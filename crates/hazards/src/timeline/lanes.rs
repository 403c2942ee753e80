//! The lanes of the timeline: the host and the streams, what each did last, and whether its order is known.

use acg_entity::Entity;
use acg_ir::Place;
use acg_runtime::state::{EventId, StreamId};

use super::Timeline;
use crate::trace::{Action, Trace};

/// The lane of the host program.
pub(crate) const HOST: u32 = 0;

/// How well the order of a lane is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Knowledge {
    /// Its work comes after what the clocks say, and nothing else is before it.
    #[default]
    Known,
    /// It is held up by executions that wait for events, this many.
    Held(u32),
    /// It waits for something that the log does not show.
    Lost,
}

#[derive(Clone, Copy, Debug, Default)]
struct Lane {
    last: Option<Place>,
    /// The call of the last work.
    call: u32,
    knowledge: Knowledge,
    /// Whether it is among those that are stirred.
    is_stirred: bool,
}

/// All lanes.
pub(super) struct Lanes {
    /// By `StreamId`; the host's number for streams that do no eager work.
    numbers: Vec<u32>,
    all: Vec<Lane>,
    /// Those with work that the host has not waited for, or whose order is not known: all others are what they were when it last
    /// waited for everything.
    stirred: Vec<u32>,
}

impl Lanes {
    /// The host, and every stream that a step works on.
    pub(super) fn of(trace: &Trace<'_, '_>) -> Self {
        let numbers = vec![HOST; trace.state.streams.len()];
        let mut lanes = Self { numbers, all: vec![Lane::default()], stirred: Vec::new() };
        for step in &trace.steps {
            let (Action::Work { stream, .. }
            | Action::Record { stream, .. }
            | Action::Wait { stream, .. }
            | Action::WaitForUnknown { stream }
            | Action::SyncStream(stream)
            | Action::Execute { stream, .. }
            | Action::Run { stream: Some(stream), .. }
            | Action::Load { stream, .. }
            | Action::UpdateBegin { stream, .. }
            | Action::UpdateEnd { stream }) = step.action
            else {
                continue;
            };
            let number = &mut lanes.numbers[stream.index()];
            if *number == HOST {
                *number = lanes.all.len() as u32;
                lanes.all.push(Lane::default());
            }
        }
        lanes
    }

    /// The lane that each graph is executed on, if it is one alone; by [`ModelId`](acg_runtime::state::ModelId).
    pub(super) fn executing(&self, trace: &Trace<'_, '_>) -> Vec<Option<u32>> {
        let mut executing = vec![None; trace.state.models.len()];
        let mut is_executed = vec![false; trace.state.models.len()];
        for step in &trace.steps {
            if let Action::Execute { model, stream } = step.action {
                let lane = Some(self.of_stream(stream));
                let is_first = !std::mem::replace(&mut is_executed[model.index()], true);
                let own = &mut executing[model.index()];
                *own = if is_first { lane } else { lane.filter(|_| lane == *own) };
            }
        }
        executing
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    fn of_stream(&self, stream: StreamId) -> u32 {
        self.numbers[stream.index()]
    }

    /// Whether nothing can be said about what is before the lane's next work.
    pub(super) fn is_lost(&self, lane: u32) -> bool {
        self.all[lane as usize].knowledge != Knowledge::Known
    }

    /// The lane, which is about to change.
    fn stir(&mut self, lane: u32) -> &mut Lane {
        let state = &mut self.all[lane as usize];
        if lane != HOST && !std::mem::replace(&mut state.is_stirred, true) {
            self.stirred.push(lane);
        }
        state
    }

    pub(super) fn lose(&mut self, lane: u32) {
        self.stir(lane).knowledge = Knowledge::Lost;
    }

    pub(super) fn hold(&mut self, lane: u32) {
        let knowledge = &mut self.stir(lane).knowledge;
        *knowledge = match *knowledge {
            Knowledge::Known => Knowledge::Held(1),
            Knowledge::Held(count) => Knowledge::Held(count + 1),
            Knowledge::Lost => Knowledge::Lost,
        };
    }

    pub(super) fn release(&mut self, lane: u32) {
        let knowledge = &mut self.all[lane as usize].knowledge;
        if let Knowledge::Held(count) = *knowledge {
            *knowledge = if count > 1 { Knowledge::Held(count - 1) } else { Knowledge::Known };
        }
    }
}

impl Timeline<'_, '_, '_> {
    /// The lane of a stream, once what it is given now comes after what the host has seen.
    pub(super) fn begin(&mut self, stream: StreamId) -> u32 {
        let lane = self.lanes.of_stream(stream);
        if let Some(host) = self.lanes.all[HOST as usize].last {
            self.clocks.join(lane, host);
        }
        lane
    }

    /// Adds work to a lane.
    pub(super) fn add(&mut self, lane: u32) -> Place {
        let place = self.clocks.step(lane);
        let lane = self.lanes.stir(lane);
        lane.last = Some(place);
        lane.call = self.call;
        place
    }

    /// The last work on a stream, the call and its place; `None` where there is none or its order is not known.
    pub(crate) fn last_work(&self, stream: StreamId) -> Option<(u32, Place)> {
        let lane = self.lanes.of_stream(stream);
        if lane == HOST || self.lanes.is_lost(lane) {
            return None;
        }
        let lane = &self.lanes.all[lane as usize];
        lane.last.map(|place| (lane.call, place))
    }

    /// Lets what starts from now on come after what the host has seen by now.
    pub(super) fn tick(&mut self) {
        self.add(HOST);
    }

    /// The host waits for all work on a stream.
    pub(super) fn sync_stream(&mut self, stream: StreamId) {
        let lane = self.lanes.of_stream(stream);
        if self.lanes.is_lost(lane) {
            // Whatever the stream waited for is complete as well, and nobody knows what that was.
            self.sync_all();
        } else if let Some(last) = self.lanes.all[lane as usize].last
            && self.clocks.join(HOST, last)
        {
            self.tick();
            self.land();
        }
    }

    /// The host waits for the latest record of an event.
    pub(super) fn sync_event(&mut self, event: EventId) {
        match self.records.get(&event).copied() {
            Some(record) if record.is_lost => self.sync_all(),
            Some(record) if self.clocks.join(HOST, record.place) => {
                self.tick();
                self.land();
            }
            _ => {}
        }
    }

    /// The host waits for everything.
    pub(super) fn sync_all(&mut self) {
        let mut is_news = false;
        let mut stirred = std::mem::take(&mut self.lanes.stirred);
        stirred.sort_unstable();
        for lane in stirred {
            let state = &mut self.lanes.all[lane as usize];
            state.knowledge = Knowledge::Known;
            state.is_stirred = false;
            if let Some(last) = state.last {
                is_news |= self.clocks.join(HOST, last);
            }
        }
        if is_news {
            self.tick();
        }
        self.land();
    }

    /// Forgets executions that the host has seen complete: all that comes is after them.
    fn land(&mut self) {
        let (clocks, released) = (&self.clocks, &mut self.released);
        self.aloft.land(clocks, HOST, |model| {
            if released.get(&model).is_some_and(|flight| clocks.has_seen(HOST, flight.place)) {
                released.remove(&model);
            }
        });
    }
}
