//! HTML: one self-contained page that pans, zooms and searches.
//!
//! The page draws on a canvas, and only what is in view, so that ten thousand tasks move as easily as ten; an SVG of that size
//! does not. The layout is done here; the script knows where everything stands and draws it.
//!
//! **Invariant:** names reach the page as JSON in which no character means anything to HTML, and the script never makes markup
//! of them. The page's policy forbids it to load anything.

mod data;

use crate::legible::legible;
use crate::picture::Picture;

const STYLE: &str = include_str!("html/style.css");
const BODY: &str = include_str!("html/body.html");
/// One script in parts, so that each can be read by itself.
const SCRIPT: [&str; 5] = [
    include_str!("html/model.js"),
    include_str!("html/draw.js"),
    include_str!("html/card.js"),
    include_str!("html/search.js"),
    include_str!("html/page.js"),
];

/// The picture as a page.
pub(crate) fn write(picture: &Picture<'_>) -> String {
    let mut title = String::new();
    for character in legible(&picture.title).chars() {
        match character {
            '<' => title.push_str("&lt;"),
            '&' => title.push_str("&amp;"),
            other => title.push(other),
        }
    }
    let data = data::of(picture);
    let script = SCRIPT.concat();
    [
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
        &title,
        "</title>\n<style>\n",
        STYLE,
        "</style>\n</head>\n<body>\n",
        BODY,
        "<script type=\"application/json\" id=\"data\">",
        &data,
        "</script>\n<script>\n'use strict';\n(() => {\n",
        &script,
        "})();\n</script>\n</body>\n</html>\n",
    ]
    .concat()
}
