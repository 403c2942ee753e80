//! What calls answered.
//!
//! Nearly every call of a log succeeds and hands nothing back, so only the others take memory.

use std::ops::Index;

use crate::note::Note;

/// What one call answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its return code; of a repeated call the first that is not zero.
    pub code: i32,
    /// What else it handed back.
    pub note: Option<Box<Note>>,
}

/// Success, with nothing handed back.
static PLAIN: Outcome = Outcome { code: 0, note: None };

/// What each call of a log answered, by its position in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    len: usize,
    /// Those that are not [`PLAIN`], by ascending call.
    others: Vec<(u32, Outcome)>,
}

impl Outcomes {
    pub(crate) fn push(&mut self, outcome: Outcome) {
        if outcome != PLAIN {
            self.others.push((self.len as u32, outcome));
        }
        self.len += 1;
    }

    /// How many calls there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What each call answered, in the order of the calls.
    pub fn iter(&self) -> impl Iterator<Item = &Outcome> {
        let mut others = self.others.iter().peekable();
        (0..self.len).map(move |call| {
            let other = others.next_if(|(at, _)| *at as usize == call);
            other.map_or(&PLAIN, |(_, outcome)| outcome)
        })
    }
}

impl Index<usize> for Outcomes {
    type Output = Outcome;

    /// What the call at a position answered.
    ///
    /// # Panics
    ///
    /// Past the last call.
    fn index(&self, call: usize) -> &Outcome {
        assert!(call < self.len, "the log has {} calls", self.len);
        let other = self.others.binary_search_by_key(&(call as u32), |&(at, _)| at);
        other.map_or(&PLAIN, |other| &self.others[other].1)
    }
}
