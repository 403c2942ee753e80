//! Text that can be shown: nothing in it moves the cursor, turns the direction of writing or is forbidden in XML.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// `text` with a visible sign for everything that is none.
pub(crate) fn legible(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_legible) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|character| if is_legible(character) { character } else { sign(character) })
            .collect(),
    )
}

fn is_legible(character: char) -> bool {
    let is_direction = matches!(character, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_nothing =
        (character as u32) & 0xfffe == 0xfffe || matches!(character, '\u{fdd0}'..='\u{fdef}' | '\u{feff}');
    let is_line_end = matches!(character, '\u{2028}' | '\u{2029}');
    !(character.is_control() || is_direction || is_nothing || is_line_end)
}

/// The picture of an ASCII control character, the replacement character for others.
fn sign(character: char) -> char {
    match character as u32 {
        code @ 0..0x20 => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        0x7f => '\u{2421}',
        _ => '\u{fffd}',
    }
}

/// How many cells of a fixed-width font `text` takes.
pub(crate) fn cells(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(1)).sum()
}

/// The beginning of `text` that fits `most` cells, with an ellipsis where something is cut off.
pub(crate) fn clip(text: &str, most: usize) -> Cow<'_, str> {
    let mut used = 0;
    let mut end = 0;
    for (at, character) in text.char_indices() {
        used += character.width().unwrap_or(1);
        if used > most {
            return Cow::Owned(format!("{}…", &text[..end]));
        }
        if used < most {
            end = at + character.len_utf8();
        }
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_invisible_is_left() {
        assert_eq!(legible("a\n\0\u{7f}\u{85}\u{202e}b\u{ffff}\u{1fffe}\u{2028}"), "a␊␀␡��b���");
        assert!(matches!(legible("Add_é_中"), Cow::Borrowed(_)));
    }

    #[test]
    fn clipped_text_fits() {
        assert_eq!(clip("MatMul", 6), "MatMul");
        assert_eq!(clip("MatMulV2", 6), "MatMu…");
        assert_eq!(clip("中中中中", 6), "中中…");
        assert_eq!(clip("中中中", 6), "中中中");
        assert_eq!(clip("ab", 1), "…");
        assert_eq!(clip("", 0), "");
    }

    proptest::proptest! {
        #[test]
        fn clipped_text_never_exceeds(text in "\\PC*", most in 1usize..30) {
            proptest::prop_assert!(cells(&clip(&text, most)) <= most);
        }
    }
}
