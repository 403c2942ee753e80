//! What the page draws, as JSON: every text once, everything else as numbers.

use std::collections::HashMap;

use acg_entity::Entity;
use serde::Serialize;

use crate::attributes;
use crate::class::Class;
use crate::label::Shape;
use crate::legible::legible;
use crate::picture::{Picture, Section};
use crate::route::Way;

/// The JSON of a picture, in which nothing means anything to HTML.
pub(super) fn of(picture: &Picture<'_>) -> String {
    let mut texts = Texts::default();
    let sections = picture.sections.iter().map(|section| section_of(section, &mut texts)).collect();
    let used = picture.classes();
    let page = Page {
        title: &picture.title,
        width: picture.width,
        height: picture.height,
        classes: Class::ALL
            .map(|class| {
                let colours = class.colours();
                (class.name(), colours.strong, colours.soft, used.contains(&class))
            })
            .to_vec(),
        sections,
        texts: &texts.all,
    };
    // Numbers and strings can always be written.
    let json = serde_json::to_string(&page).unwrap_or_default();
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            // These stand in strings only, where their number means the same.
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            other => out.push(other),
        }
    }
    out
}

#[derive(Serialize)]
struct Page<'p> {
    title: &'p str,
    width: u32,
    height: u32,
    classes: Vec<(&'static str, [&'static str; 2], [&'static str; 2], bool)>,
    sections: Vec<Part>,
    texts: &'p [String],
}

/// A graph; texts are numbers in [`Page::texts`].
#[derive(Serialize)]
struct Part {
    name: u32,
    summary: u32,
    top: u32,
    /// Middle, beginning of the channel below, role, streams.
    rows: Vec<(u32, u32, u32, u32)>,
    /// Lane by lane.
    items: Vec<Box>,
    /// Record, wait, 0 straight or 1 with a turn or otherwise the height of its track, 1 in a circle.
    arrows: Vec<(usize, usize, u32, u8)>,
    /// Left, upper edge, width, height, title, explanation, 1 if its end is known.
    frames: Vec<(u32, u32, u32, u32, u32, u32, u8)>,
    /// Text, left, middle of the row.
    captions: Vec<(u32, u32, u32)>,
    /// From, to, height.
    wires: Vec<(u32, u32, u32)>,
}

/// Lane, row, left, width, class, 1 for a pill plus 2 for a wait that nothing records, text, detail, full name, attributes.
#[derive(Serialize)]
struct Box(u32, u32, u32, u32, u8, u8, u32, u32, u32, Vec<u32>);

/// Every text once.
#[derive(Default)]
struct Texts {
    all: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.all.len() as u32;
        self.all.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

fn section_of(section: &Section<'_>, texts: &mut Texts) -> Part {
    let rows = section.rows.iter().enumerate().map(|(index, row)| {
        let (role, streams) = section.row_names(index);
        (row.middle, row.channel, texts.number(&role), texts.number(&streams))
    });
    let rows = rows.collect();
    let arrows = section.arrows.iter().map(|arrow| {
        let way = match arrow.way {
            Way::Straight => 0,
            Way::Turn => 1,
            Way::Channel { row, track } => section.track(row, track),
        };
        (arrow.from, arrow.to, way, u8::from(arrow.is_circular))
    });
    let frames = section.frames.iter().map(|frame| {
        let (x, y, width, height) = section.frame(frame);
        let (title, explanation) = (texts.number(&frame.title()), texts.number(&frame.explanation()));
        (x, y, width, height, title, explanation, u8::from(frame.is_exact))
    });
    let frames = frames.collect();
    let captions = section.captions().into_iter().map(|(text, x, y)| (texts.number(&text), x, y)).collect();
    Part {
        name: texts.number(&legible(section.graph.name)),
        summary: texts.number(&section.summary),
        top: section.top,
        rows,
        items: (0..section.items.all.len()).map(|item| item_of(section, item, texts)).collect(),
        arrows: arrows.collect(),
        frames,
        captions,
        wires: section.wires().collect(),
    }
}

fn item_of(section: &Section<'_>, item: usize, texts: &mut Texts) -> Box {
    let trace = section.graph.trace;
    let data = &section.items.all[item];
    let label = &section.labels[item];
    let (left, width) = section.spans[item];
    let lane = data.lane.index();
    let flags = u8::from(label.shape == Shape::Pill) + 2 * u8::from(section.is_lost(item));
    let attributes = attributes::of_item(trace, data);
    let attributes = attributes.iter().flat_map(|(name, value)| [texts.number(name), texts.number(value)]);
    let attributes = attributes.collect();
    Box(
        lane as u32,
        section.lane_rows[lane],
        left,
        width,
        label.class as u8,
        flags,
        texts.number(&label.text),
        texts.number(&label.detail),
        texts.number(&attributes::item_name(trace, data)),
        attributes,
    )
}
