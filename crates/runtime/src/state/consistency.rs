//! What holds between two calls, whatever the calls were.

use super::{CaptureStatus, GroupStatus, State};

impl State {
    /// Everything that does not hold: one sentence each, empty for a sound state.
    pub fn inconsistencies(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.check_streams(&mut found);
        self.check_inners(&mut found);
        self.check_models(&mut found);
        self.check_groups(&mut found);
        found
    }

    fn check_streams(&self, found: &mut Vec<String>) {
        for (id, stream) in self.streams.iter() {
            if (stream.status == CaptureStatus::None) != stream.inner.is_none() {
                found.push(format!("{id:?} is captured without a hidden stream, or the other way round"));
            }
            if stream.inner.is_some_and(|inner| self.inners[inner].stream != id) {
                found.push(format!("{id:?} stores its tasks on another stream's hidden stream"));
            }
            if stream.begun_by.is_some() != stream.mode.is_some() {
                found.push(format!("{id:?} has a capture mode without a thread, or the other way round"));
            }
            if (stream.group_status == GroupStatus::Updating) != stream.updating.is_some() {
                found.push(format!("{id:?} updates no group, or does so without saying"));
            }
        }
    }

    fn check_inners(&self, found: &mut Vec<String>) {
        for (id, inner) in self.inners.iter() {
            if self.tasks_of(id).count() != inner.tasks as usize {
                found.push(format!("{id:?} counts its tasks wrongly"));
            }
            if self.tasks_of(id).any(|(_, task)| task.inner != id) {
                found.push(format!("{id:?} holds a task of another hidden stream"));
            }
            if !self.models[inner.model].inners.contains(&id) {
                found.push(format!("{id:?} is unknown to its graph"));
            }
        }
    }

    fn check_models(&self, found: &mut Vec<String>) {
        for (id, model) in self.models.iter() {
            if !model.is_capturing() && model.destroyed_by.is_none() && !model.members.is_empty() {
                found.push(format!("{id:?} has ended and still captures streams"));
            }
        }
    }

    fn check_groups(&self, found: &mut Vec<String>) {
        for (id, group) in self.groups.iter() {
            if group.next as usize > group.tasks.len() {
                found.push(format!("{id:?} is updated behind its end"));
            }
            if group.updated_on.is_some_and(|stream| self.streams[stream].updating != Some(id)) {
                found.push(format!("{id:?} is updated on a stream that does not know"));
            }
        }
    }
}
