//! How the text form spells names and strings; shared by reader and writer, so that they cannot disagree.

/// Whether a character can stand in a name without quotes.
pub(crate) const fn is_bare(byte: u8) -> bool {
    IS_BARE[byte as usize]
}

/// Whether all characters of a text that is not empty can stand in a name without quotes.
pub(crate) fn are_bare(text: &str) -> bool {
    // Names are short: to look at all bytes is quicker than to stop at one.
    !text.is_empty() & text.bytes().fold(true, |bare, byte| bare & is_bare(byte))
}

const IS_BARE: [bool; 256] = {
    let mut is_bare = [false; 256];
    let mut byte = 0;
    while byte < is_bare.len() {
        let character = byte as u8;
        is_bare[byte] = character.is_ascii_alphanumeric()
            || matches!(character, b'_' | b'.' | b':' | b'$' | b'@' | b'#' | b'~' | b'-')
            || character >= 0x80;
        byte += 1;
    }
    is_bare
};

/// The whole number that `token` spells: decimal or `0x`, with a sign, with C suffixes `u` and `l`.
pub(crate) fn number(token: &str) -> Option<i64> {
    let (negative, digits) = match token.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, token),
    };
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let digits = digits.trim_end_matches(['u', 'U', 'l', 'L']);
    let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) if !hex.starts_with('+') => u64::from_str_radix(hex, 16).ok()?,
        Some(_) => return None,
        None => digits.parse::<u64>().ok()?,
    };
    // C converts between signed and unsigned by the bits, so the log does too.
    if negative { 0i64.checked_sub_unsigned(value) } else { Some(value.cast_signed()) }
}

/// Whether `token` is a number in hexadecimal, which a log may use as the name of a handle.
pub(crate) fn is_hexadecimal(token: &str) -> bool {
    token.starts_with("0x") || token.starts_with("0X")
}

/// Whether `token` spells the null pointer.
pub(crate) fn is_null(token: &str) -> bool {
    matches!(token, "NULL" | "nullptr")
}

/// Appends `text` between `quote`s, escaped so that [`unescape`] gives it back.
pub(crate) fn push_quoted(out: &mut String, text: &str, quote: char) {
    out.push(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0' => out.push_str("\\0"),
            _ if character == quote => {
                out.push('\\');
                out.push(quote);
            }
            control if control.is_control() => out.extend(control.escape_unicode()),
            other => out.push(other),
        }
    }
    out.push(quote);
}

/// The text of the escape sequence behind a backslash at the start of `rest`, and how many bytes it takes.
pub(crate) fn unescape(rest: &str) -> Option<(char, usize)> {
    let mut characters = rest.chars();
    let simple = match characters.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        same @ ('\\' | '"' | '`' | '\'') => same,
        'x' => return code(rest.get(1..3)?, 3),
        'u' => {
            let digits = rest.strip_prefix("u{")?.split_once('}')?.0;
            return code(digits, digits.len() + 3);
        }
        _ => return None,
    };
    Some((simple, 1))
}

fn code(digits: &str, length: usize) -> Option<(char, usize)> {
    let valid = digits.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code = valid.then(|| u32::from_str_radix(digits, 16).ok())??;
    Some((char::from_u32(code)?, length))
}
