//! Arrows from records to waits.
//!
//! An arrow leaves its record to the right, goes along the channel between two rows, and down or up right before its wait. Arrows
//! of one record share their way; others have a track of the channel for themselves.

use std::collections::BTreeMap;

use acg_trace::Trace;

use crate::fold::Items;

/// How far from its box an arrow turns.
pub(crate) const TURN: u32 = 10;
/// The shortest distance of a record and its wait that has room for an arrow with two turns.
pub(crate) const SHORT: u32 = 36;
/// The most tracks of a channel; beyond, arrows overlap rather than take the page.
const MOST_TRACKS: usize = 24;

/// An arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arrow {
    /// The record's item.
    pub(crate) from: usize,
    /// The wait's item.
    pub(crate) to: usize,
    /// The way it takes.
    pub(crate) way: Way,
    /// Whether it is part of a circle, so that the wait never ends.
    pub(crate) is_circular: bool,
}

/// The way of an arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the next box of the row.
    Straight,
    /// Across right behind the record, and on to the wait.
    Turn,
    /// Along this track of the channel below this row.
    Channel { row: u32, track: u32 },
}

/// Where an item is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) row: u32,
    pub(crate) left: u32,
    pub(crate) right: u32,
}

/// The arrows of `trace`, by record and wait, and the number of tracks of each of `rows` channels.
pub(crate) fn arrows(
    trace: &Trace,
    items: &Items,
    spot: impl Fn(usize) -> Spot,
    rows: usize,
) -> (Vec<Arrow>, Vec<u32>) {
    let mut arrows = Vec::with_capacity(trace.links.len());
    // The bundles of each channel: where each begins and ends, and its arrows.
    let mut channels: Vec<BTreeMap<usize, Bundle>> = vec![BTreeMap::new(); rows];
    for record in trace.tasks.keys() {
        for &wait in trace.links.waits_of(record) {
            let (from, to) = (items.of_task(record), items.of_task(wait));
            let (a, b) = (spot(from), spot(to));
            let is_circular = b.left <= a.right;
            let is_next = items.all[from].lane == items.all[to].lane && to == from + 1;
            let way = if is_next {
                Way::Straight
            } else if !is_circular && a.row != b.row && b.left - a.right <= SHORT {
                Way::Turn
            } else {
                let row = if b.row < a.row { a.row - 1 } else { a.row };
                let bundle = channels[row as usize].entry(from).or_default();
                bundle.add(a.right + TURN, b.left.saturating_sub(TURN), arrows.len());
                Way::Channel { row, track: 0 }
            };
            arrows.push(Arrow { from, to, way, is_circular });
        }
    }
    let tracks = channels.into_iter().map(|bundles| assign(bundles.into_values().collect(), &mut arrows));
    let tracks = tracks.collect();
    (arrows, tracks)
}

/// The arrows of one record in a channel.
#[derive(Clone, Debug, Default)]
struct Bundle {
    span: Option<(u32, u32)>,
    arrows: Vec<usize>,
}

impl Bundle {
    fn add(&mut self, one: u32, other: u32, arrow: usize) {
        let (start, end) = self.span.unwrap_or((u32::MAX, 0));
        self.span = Some((start.min(one).min(other), end.max(one).max(other)));
        self.arrows.push(arrow);
    }
}

/// Gives each bundle the first track that is free, and returns how many tracks there are.
fn assign(mut bundles: Vec<Bundle>, arrows: &mut [Arrow]) -> u32 {
    bundles.sort_by_key(|bundle| bundle.span);
    let mut ends: Vec<u32> = Vec::new();
    for bundle in bundles {
        let Some((start, end)) = bundle.span else { continue };
        let free = ends.iter().position(|&taken| taken < start);
        let track = match free {
            Some(track) => track,
            None if ends.len() < MOST_TRACKS => {
                ends.push(0);
                ends.len() - 1
            }
            None => ends.iter().enumerate().min_by_key(|&(_, &taken)| taken).map_or(0, |(track, _)| track),
        };
        ends[track] = ends[track].max(end);
        for arrow in bundle.arrows {
            if let Way::Channel { track: own, .. } = &mut arrows[arrow].way {
                *own = track as u32;
            }
        }
    }
    ends.len() as u32
}
