//! SVG: one picture, readable on light and dark pages, without script or anything from elsewhere.
//!
//! Colours are written twice rather than as variables, because many programs that show SVG know no variables.

use std::fmt::{self, Write};

use crate::attributes;
use crate::class::Class;
use crate::label::Shape;
use crate::legible::{cells, clip};
use crate::picture::{MARGIN, Picture, Section};

/// The height of the title, which is above everything.
const TITLE: u32 = 40;
/// What an entry of the legend takes besides its name, and a line of the legend.
const LEGEND_ENTRY: u32 = 40;
const LEGEND_LINE: u32 = 22;
/// The narrowest picture.
const LEAST_WIDTH: u32 = 640;
/// How round the turns of arrows are.
const ROUND: u32 = 8;

const STYLE: &str = "\
text{font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1b2129}
.page{fill:#fff}.title{font:600 15px system-ui,sans-serif}.head{font:600 12px system-ui,sans-serif}
.note{font:11px system-ui,sans-serif;fill:#5b6570}.small{font-size:9.5px;fill:#4a535e}.mid{text-anchor:middle}
.row{fill:#f6f7f9}.wire{stroke:#c3c9d1;stroke-width:2}
.arrow{fill:none;stroke:#4b5563;stroke-width:1.5}.arrow:hover{stroke-width:3.5}.circle{stroke:#c01f1f;stroke-dasharray:5 3}
.tip{fill:#4b5563}.bad{fill:#c01f1f}.frame{fill:#8a63d2;fill-opacity:.07;stroke:#7a55c0;stroke-width:1.2}.open{stroke-dasharray:4 3}
.caption{font-size:9.5px;fill:#5d3fa0}.halo{stroke:#fff;stroke-width:3;paint-order:stroke}.muted text{fill:#5b6570}.lost{stroke-dasharray:3 2}
";

const DARK_STYLE: &str = "\
text{fill:#e6e9ee}.page{fill:#12161b}.note{fill:#9aa5b1}.small{fill:#b4bdc8}.row{fill:#181d24}.wire{stroke:#424b57}
.arrow{stroke:#aab4c0}.circle{stroke:#ff7b72}.tip{fill:#aab4c0}.bad{fill:#ff7b72}.frame{stroke:#a98be6}.caption{fill:#c3aef2}.halo{stroke:#12161b}
.muted text{fill:#9aa5b1}
";

/// The picture as SVG.
pub(crate) fn write(picture: &Picture<'_>) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = Writer { picture, out: &mut out }.all();
    out
}

struct Writer<'p> {
    picture: &'p Picture<'p>,
    out: &'p mut String,
}

impl Writer<'_> {
    fn all(&mut self) -> fmt::Result {
        let width = self.picture.width.max(LEAST_WIDTH);
        let classes = self.picture.classes();
        let legend = legend(&classes, width);
        let bottom = TITLE + self.picture.height;
        let height = bottom + legend.last().map_or(0, |entry| entry.2) + LEGEND_LINE + 4;
        writeln!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
        )?;
        writeln!(self.out, "<title>{}</title>", Xml(&self.picture.title))?;
        self.style(&classes)?;
        self.out.push_str("<defs>");
        for (name, class) in [("tip", "tip"), ("bad", "tip bad")] {
            write!(
                self.out,
                "<marker id=\"{name}\" viewBox=\"0 0 8 8\" refX=\"7.5\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"{class}\" d=\"M0 0.8 8 4 0 7.2z\"/></marker>"
            )?;
        }
        self.out.push_str("</defs>\n");
        writeln!(self.out, "<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>")?;
        let title = clip(&self.picture.title, (width as usize - 32) / 10);
        writeln!(self.out, "<text class=\"title\" x=\"16\" y=\"26\">{}</text>", Xml(&title))?;
        writeln!(self.out, "<g transform=\"translate(0,{TITLE})\">")?;
        if self.picture.sections.is_empty() {
            writeln!(self.out, "<text class=\"note\" x=\"16\" y=\"14\">no graphs</text>")?;
        }
        for section in &self.picture.sections {
            self.section(section, width)?;
        }
        writeln!(self.out, "</g>")?;
        for (class, x, y) in legend {
            self.legend_entry(class, x, bottom + y)?;
        }
        writeln!(self.out, "</svg>")
    }

    fn style(&mut self, classes: &[Class]) -> fmt::Result {
        write!(self.out, "<style>\n{STYLE}")?;
        self.colours(classes, 0)?;
        write!(self.out, "@media (prefers-color-scheme:dark){{\n{DARK_STYLE}")?;
        self.colours(classes, 1)?;
        writeln!(self.out, "}}\n</style>")
    }

    fn colours(&mut self, classes: &[Class], page: usize) -> fmt::Result {
        for &class in classes {
            let colours = class.colours();
            let (number, strong, soft) = (class as u8, colours.strong[page], colours.soft[page]);
            writeln!(self.out, ".c{number}{{fill:{soft};stroke:{strong}}}.s{number}{{fill:{strong}}}")?;
        }
        Ok(())
    }

    fn section(&mut self, section: &Section<'_>, width: u32) -> fmt::Result {
        let heading = section.top + 12;
        let name = clip(section.graph.name, 60);
        let name = crate::legible::legible(&name);
        write!(self.out, "<text class=\"head\" x=\"16\" y=\"{heading}\">{}", Xml(&name))?;
        writeln!(self.out, "<tspan class=\"note\" dx=\"10\">{}</tspan></text>", Xml(&section.summary))?;
        for (index, row) in section.rows.iter().enumerate() {
            let (role, streams) = section.row_names(index);
            let (y, middle) = (row.middle - 17, row.middle);
            writeln!(
                self.out,
                "<rect class=\"row\" x=\"8\" y=\"{y}\" width=\"{}\" height=\"34\" rx=\"6\"/>",
                width - 16
            )?;
            writeln!(
                self.out,
                "<text class=\"head\" x=\"16\" y=\"{}\">{role}<title>{}</title></text>",
                middle - 2,
                Xml(&streams)
            )?;
            writeln!(
                self.out,
                "<text class=\"small\" x=\"16\" y=\"{}\">{}</text>",
                middle + 11,
                Xml(&clip(&streams, 18))
            )?;
        }
        if section.items.all.is_empty() {
            let middle = section.rows.first().map_or(heading, |row| row.middle + 4);
            writeln!(self.out, "<text class=\"note\" x=\"{MARGIN}\" y=\"{middle}\">no tasks</text>")?;
        }
        for frame in &section.frames {
            self.frame(section, frame)?;
        }
        for (left, right, y) in section.wires() {
            writeln!(self.out, "<path class=\"wire\" d=\"M{left} {y}H{right}\"/>")?;
        }
        for arrow in &section.arrows {
            let (circle, tip) = if arrow.is_circular { (" circle", "bad") } else { ("", "tip") };
            let path = Path(&section.points(arrow));
            writeln!(self.out, "<path class=\"arrow{circle}\" marker-end=\"url(#{tip})\" d=\"{path}\"/>")?;
        }
        for frame in &section.frames {
            self.frame_title(section, frame)?;
        }
        for item in 0..section.items.all.len() {
            self.item(section, item)?;
        }
        for (text, x, middle) in section.captions() {
            writeln!(
                self.out,
                "<text class=\"small halo\" x=\"{x}\" y=\"{}\">{}</text>",
                middle - 21,
                Xml(&text)
            )?;
        }
        Ok(())
    }

    fn frame(&mut self, section: &Section<'_>, frame: &crate::frames::Frame) -> fmt::Result {
        let (x, y, width, height) = section.frame(frame);
        let open = if frame.is_exact { "" } else { " open" };
        writeln!(
            self.out,
            "<rect class=\"frame{open}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"7\"><title>{}</title></rect>",
            frame.explanation()
        )
    }

    /// What is written on a frame, above the arrows that cross it.
    fn frame_title(&mut self, section: &Section<'_>, frame: &crate::frames::Frame) -> fmt::Result {
        let (x, y, width, _) = section.frame(frame);
        let title = frame.title();
        let title = clip(&title, (width as usize - 8) / 6);
        writeln!(
            self.out,
            "<text class=\"caption halo\" x=\"{}\" y=\"{}\"><title>{}</title>{title}</text>",
            x + 6,
            y + 11,
            frame.explanation()
        )
    }

    fn item(&mut self, section: &Section<'_>, item: usize) -> fmt::Result {
        let trace = section.graph.trace;
        let data = &section.items.all[item];
        let label = &section.labels[item];
        let ((left, width), height) = (section.spans[item], section.height(item));
        let number = label.class as u8;
        let muted = if label.class == Class::Quiet { " class=\"muted\"" } else { "" };
        let top = section.middle(item) - height / 2;
        write!(self.out, "<g{muted} transform=\"translate({left},{top})\"><title>")?;
        write!(self.out, "{}", Xml(&attributes::item_name(trace, data)))?;
        for (name, value) in attributes::of_item(trace, data) {
            write!(self.out, "\n{name}: {}", Xml(&value))?;
        }
        let lost = if section.is_lost(item) { " lost" } else { "" };
        let round = if label.shape == Shape::Pill { 11 } else { 5 };
        write!(
            self.out,
            "</title><rect class=\"c{number}{lost}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\"/>"
        )?;
        let text = Xml(&label.text);
        match label.shape {
            Shape::Pill => {
                write!(self.out, "<text class=\"mid\" x=\"{}\" y=\"15\">{text}</text>", width / 2)?;
            }
            Shape::Box => {
                write!(
                    self.out,
                    "<rect class=\"s{number}\" x=\"0\" y=\"0\" width=\"5\" height=\"{height}\" rx=\"2.5\"/>"
                )?;
                let y = if label.detail.is_empty() { 21 } else { 15 };
                write!(self.out, "<text x=\"12\" y=\"{y}\">{text}</text>")?;
                if !label.detail.is_empty() {
                    write!(
                        self.out,
                        "<text class=\"small\" x=\"12\" y=\"27\">{}</text>",
                        Xml(&label.detail)
                    )?;
                }
            }
        }
        writeln!(self.out, "</g>")
    }

    fn legend_entry(&mut self, class: Class, x: u32, y: u32) -> fmt::Result {
        let number = class as u8;
        writeln!(
            self.out,
            "<rect class=\"c{number}\" x=\"{x}\" y=\"{y}\" width=\"18\" height=\"12\" rx=\"3\"/><rect class=\"s{number}\" x=\"{x}\" y=\"{y}\" width=\"4\" height=\"12\" rx=\"2\"/><text class=\"note\" x=\"{}\" y=\"{}\">{}</text>",
            x + 24,
            y + 10,
            class.name()
        )
    }
}

/// The entries of the legend with their places, in lines that fit `width`.
fn legend(classes: &[Class], width: u32) -> Vec<(Class, u32, u32)> {
    let (mut x, mut y) = (16, 0);
    let place = |&class: &Class| {
        let taken = LEGEND_ENTRY + cells(class.name()) as u32 * 6;
        if x + taken > width && x > 16 {
            (x, y) = (16, y + LEGEND_LINE);
        }
        let place = (class, x, y);
        x += taken;
        place
    };
    classes.iter().map(place).collect()
}

/// A way with round turns.
struct Path<'p>(&'p [(u32, u32)]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points = self.0;
        for (index, &(x, y)) in points.iter().enumerate() {
            let (before, after) = (index.checked_sub(1).and_then(|at| points.get(at)), points.get(index + 1));
            match (before, after) {
                (None, _) => write!(f, "M{x} {y}")?,
                (_, None) => write!(f, "L{x} {y}")?,
                (Some(&before), Some(&after)) => {
                    let length = |other: (u32, u32)| x.abs_diff(other.0) + y.abs_diff(other.1);
                    let round = ROUND.min(length(before) / 2).min(length(after) / 2);
                    let (start, end) = (toward((x, y), before, round), toward((x, y), after, round));
                    write!(f, "L{} {}Q{x} {y} {} {}", start.0, start.1, end.0, end.1)?;
                }
            }
        }
        Ok(())
    }
}

/// The point `distance` away from `from` in the direction of `to`, which is straight across or along.
fn toward(from: (u32, u32), to: (u32, u32), distance: u32) -> (u32, u32) {
    let step = |from: u32, to: u32| match to.cmp(&from) {
        std::cmp::Ordering::Less => from - distance,
        std::cmp::Ordering::Equal => from,
        std::cmp::Ordering::Greater => from + distance,
    };
    (step(from.0, to.0), step(from.1, to.1))
}

/// Text in XML; what XML forbids was replaced before.
struct Xml<'t>(&'t str);

impl fmt::Display for Xml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}
