//! What the return codes of the ACL runtime mean, what usually causes them, and what they usually follow.
//!
//! Numbers and symbols: capture-rules, section 0.3, and the runtime's public header of error codes. Causes:
//! capture-rules and users, section 1. One file a range of numbers; [`internal`] holds the numbers that the runtime's own
//! logs use instead, [`messages`] the families of messages that it prints with them.

mod argument;
mod capture;
mod execution;
pub mod internal;
pub mod messages;
mod resource;

/// A return code.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The number that calls return.
    pub number: i32,
    /// Its name in ACL's headers.
    pub symbol: &'static str,
    /// What it says, in one sentence.
    pub meaning: &'static str,
    /// What usually makes a call return it, the most frequent first, a sentence each.
    pub causes: &'static [&'static str],
    /// Whether it is a first cause or follows something earlier.
    pub origin: Origin,
    /// The runtime's internal names that are mapped to it and that stand in its logs.
    pub internal: &'static [&'static str],
}

/// Where to look for the cause of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The call that returns it is the one to change.
    Here,
    /// It usually follows something earlier.
    Earlier {
        /// What that is and where to look for it, in one sentence.
        what: &'static str,
        /// The codes that the earlier call usually returned.
        codes: &'static [i32],
    },
}

const TABLES: [&[Code]; 4] = [argument::CODES, capture::CODES, resource::CODES, execution::CODES];

impl Code {
    /// The code with `number`.
    pub fn find(number: i32) -> Option<&'static Self> {
        // The tables are in order of their numbers, and so is each table.
        TABLES.iter().find_map(|table| {
            let index = table.binary_search_by_key(&number, |code| code.number).ok()?;
            table.get(index)
        })
    }

    /// The code that ACL or the runtime's logs call `symbol`; an internal name may stand for several, the first counts.
    pub fn by_symbol(symbol: &str) -> Option<&'static Self> {
        let by_name = Self::all().find(|code| code.symbol == symbol);
        by_name.or_else(|| Self::all().find(|code| code.internal.contains(&symbol)))
    }

    /// The code that the runtime's own logs call `number`.
    pub fn by_internal(number: u32) -> Option<&'static Self> {
        Self::by_symbol(internal::name(number)?)
    }

    /// `107025 (ACL_ERROR_RT_STREAM_UNJOINED)`; the number alone if it is not known.
    pub fn describe(number: i32) -> String {
        Self::find(number).map_or(number.to_string(), |code| format!("{number} ({})", code.symbol))
    }

    /// Every code, by number.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        TABLES.iter().flat_map(|table| table.iter())
    }

    /// The families of messages that the runtime prints with this code.
    pub fn messages(&self) -> impl Iterator<Item = &'static messages::Family> {
        messages::FAMILIES.iter().filter(|family| family.codes.contains(&self.number))
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Origin, messages};

    #[test]
    fn the_table_is_in_order_and_without_doubles() {
        let numbers: Vec<_> = Code::all().map(|code| code.number).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
        let mut symbols: Vec<_> = Code::all().map(|code| code.symbol).collect();
        symbols.sort_unstable();
        assert!(symbols.is_sorted_by(|a, b| a < b), "a symbol occurs twice");
    }

    #[test]
    fn every_code_is_found_by_number_and_by_name() {
        for code in Code::all() {
            assert_eq!(Code::find(code.number), Some(code));
            assert_eq!(Code::by_symbol(code.symbol), Some(code));
            for internal in code.internal {
                assert!(Code::by_symbol(internal).is_some());
            }
        }
        assert_eq!(Code::find(0), None);
        assert_eq!(Code::find(i32::MIN), None);
        assert_eq!(Code::by_symbol("RT_ERROR_STREAM_UNJOINED").unwrap().number, 107_025);
        assert_eq!(Code::by_internal(0x0702_0023).unwrap().number, 207_005);
        assert_eq!(Code::by_internal(0x0705_000A).unwrap().number, 107_024);
        assert_eq!(Code::by_internal(1), None);
    }

    #[test]
    fn every_text_is_a_sentence_and_every_reference_exists() {
        let is_sentence = |text: &str| {
            text.ends_with('.') && !text.contains("  ") && text.starts_with(|c: char| c.is_alphanumeric())
        };
        for code in Code::all() {
            assert!(is_sentence(code.meaning), "{}", code.meaning);
            assert!(!code.causes.is_empty(), "{} has no cause", code.number);
            for cause in code.causes {
                assert!(is_sentence(cause), "{cause}");
            }
            if let Origin::Earlier { what, codes } = code.origin {
                assert!(is_sentence(what), "{what}");
                for &earlier in codes {
                    assert!(Code::find(earlier).is_some(), "{} refers to {earlier}", code.number);
                }
            }
        }
        for family in messages::FAMILIES {
            assert!(is_sentence(family.meaning) && is_sentence(family.advice), "{}", family.id);
            assert!(family.codes.iter().all(|&code| Code::find(code).is_some()), "{}", family.id);
        }
    }
}
