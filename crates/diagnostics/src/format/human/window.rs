//! The few lines around the places of a diagnostic, cut down to what is worth showing.
//!
//! **Invariant:** a window's size depends on the number of places in it, not on the size of the file or its lines.

use std::ops::Range;

use super::super::plain_text::one_line;
use crate::{Diagnostic, FileId, Label, LineColumn, Source, Sources};

/// Places at most this many lines apart share a window.
const GAP: u32 = 8;

/// A place that covers more lines than this is shown by its first line.
const MOST_LINES: u32 = 12;

/// Lines of at most this many bytes are shown whole.
const WHOLE_LINE: usize = 400;

/// How many bytes of a longer line are kept on each side of the ends of a place.
const AROUND: usize = 60;

/// What stands for the left-out parts of a line.
const ELLIPSIS: char = '…';

/// Adjacent lines of one file.
pub(super) struct Window {
    pub file: FileId,
    pub first_line: u32,
    /// Whole lines, each with a final newline.
    pub text: String,
    pub marks: Vec<Mark>,
    /// The place that stands above the window: the primary one, else the first.
    pub place: LineColumn,
}

/// A marked range of a window's text.
pub(super) struct Mark {
    pub range: Range<usize>,
    pub text: String,
    pub is_primary: bool,
}

/// A label with the lines that it touches.
struct Place<'a> {
    file: FileId,
    /// The bytes of the file to mark.
    range: Range<usize>,
    first: LineColumn,
    last_line: u32,
    label: &'a Label,
    is_primary: bool,
    /// The last line, where the label goes on beyond what is marked.
    goes_on_to: Option<u32>,
}

/// The windows that show `diagnostic`, the one with the primary place first, with at most `most` related places.
pub(super) fn windows(diagnostic: &Diagnostic, sources: &Sources, most: usize) -> Vec<Window> {
    let primary = Place::new(&diagnostic.primary, sources, true);
    let related = diagnostic.related.iter().take(most).map(|label| Place::new(label, sources, false));
    let home = primary.file;
    let mut places: Vec<_> = std::iter::once(primary).chain(related).collect();
    places.sort_by_key(|place| (place.file != home, place.file, place.first));

    let mut clusters: Vec<Vec<Place>> = Vec::new();
    let mut last_line = 0;
    for place in places {
        let end = place.last_line;
        match clusters.last_mut() {
            Some(cluster) if cluster[0].file == place.file && place.first.line <= last_line + GAP => {
                last_line = last_line.max(end);
                cluster.push(place);
            }
            _ => {
                last_line = end;
                clusters.push(vec![place]);
            }
        }
    }
    clusters.sort_by_key(|cluster| !cluster.iter().any(|place| place.is_primary));
    clusters.iter().map(|cluster| Window::new(cluster, sources)).collect()
}

impl<'a> Place<'a> {
    fn new(label: &'a Label, sources: &Sources, is_primary: bool) -> Self {
        let file = label.span.file;
        let source = sources.file(file);
        let mut range = source.clamp(label.span);
        let first = source.line_column(range.start as u32);
        let mut last_line = source.line_column(range.end as u32).line;
        if last_line > first.line && source.line_range(last_line).start == range.end {
            // A place that ends with its line does not touch the next.
            last_line -= 1;
        }
        let mut goes_on_to = None;
        if last_line - first.line >= MOST_LINES {
            goes_on_to = Some(last_line);
            last_line = first.line;
        }
        range.end = range.end.min(source.line_range(last_line).end).max(range.start);
        Self { file, range, first, last_line, label, is_primary, goes_on_to }
    }

    /// The label as it is drawn.
    fn text(&self) -> String {
        let text = one_line(&self.label.text);
        match self.goes_on_to {
            None => text.into_owned(),
            Some(line) if text.is_empty() => format!("to line {line}"),
            Some(line) => format!("{text} (to line {line})"),
        }
    }
}

impl Window {
    fn new(places: &[Place], sources: &Sources) -> Self {
        let head = places.iter().find(|place| place.is_primary).unwrap_or(&places[0]);
        let source = sources.file(head.file);
        let first_line = places.iter().map(|place| place.first.line).min().unwrap_or(head.first.line);
        let last_line = places.iter().map(|place| place.last_line).max().unwrap_or(first_line);

        let mut cuts: Vec<usize> =
            places.iter().flat_map(|place| [place.range.start, place.range.end]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut text = String::new();
        // Where each kept byte at a cut has gone, in step with `cuts`.
        let mut moved = Vec::with_capacity(cuts.len());
        for line in first_line..=last_line {
            copy_line(source, line, &cuts, &mut text, &mut moved);
        }
        // Every cut lies in a line of the window; should one not, it is marked at the end.
        let position = |offset: usize| {
            let index = cuts.partition_point(|&cut| cut < offset);
            moved.get(index).copied().unwrap_or(text.len().saturating_sub(1))
        };
        let marks = places
            .iter()
            .map(|place| Mark {
                range: position(place.range.start)..position(place.range.end),
                text: place.text(),
                is_primary: place.is_primary,
            })
            .collect();
        Self { file: head.file, first_line, marks, place: head.first, text }
    }
}

/// Appends a line to `text`, whole or around the `cuts` in it, and to `moved` the new positions of these.
fn copy_line(source: &Source, line: u32, cuts: &[usize], text: &mut String, moved: &mut Vec<usize>) {
    let range = source.line_range(line);
    let next = if line < source.line_count() { source.line_range(line + 1).start } else { usize::MAX };
    let here: Vec<_> = cuts[moved.len()..].iter().copied().take_while(|&cut| cut < next).collect();
    let kept =
        if range.len() <= WHOLE_LINE { vec![range.clone()] } else { kept_ranges(source, &range, &here) };

    let mut cuts = here.iter().copied().peekable();
    let mut at = range.start;
    for part in kept {
        if part.start > at {
            text.push(ELLIPSIS);
        }
        while let Some(cut) = cuts.next_if(|&cut| cut <= part.end) {
            moved.push(text.len() + cut.saturating_sub(part.start));
        }
        text.extend(source.text[part.clone()].chars().map(showable));
        at = part.end;
    }
    // What is left lies in the line break.
    moved.extend(cuts.map(|_| text.len()));
    if at < range.end {
        text.push(ELLIPSIS);
    }
    text.push('\n');
}

/// The parts of a long line that are near a cut, in order and apart; its beginning where none is.
fn kept_ranges(source: &Source, line: &Range<usize>, cuts: &[usize]) -> Vec<Range<usize>> {
    let text = &source.text;
    let mut kept: Vec<Range<usize>> = Vec::new();
    let cuts = if cuts.is_empty() { std::slice::from_ref(&line.start) } else { cuts };
    for &cut in cuts {
        let cut = cut.min(line.end);
        let mut start = cut.saturating_sub(AROUND).max(line.start);
        let mut end = (cut + AROUND).min(line.end);
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        match kept.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => kept.push(start..end),
        }
    }
    kept
}

/// The character that stands for `c` in an excerpt; always as long in bytes, so that positions hold.
fn showable(c: char) -> char {
    match c {
        '\u{FFFF}' => char::REPLACEMENT_CHARACTER,
        '\r' => ' ',
        c => c,
    }
}
