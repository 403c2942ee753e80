//! Reads the commonest lines without the grammar, many times as fast: kernels, operators, records and waits with plain attributes, and
//! declarations of buffers and views.
//!
//! **Invariant:** what a line is read as is what the grammar makes of it; any other line, wrong ones among them, is left to the
//! grammar.

use acg_ir::{List, SliceDim};

use super::Converter;
use crate::lines::Line;
use crate::syntax::{
    AttributeSyntax, Kind, OpSyntax, OperandSyntax, SpaceWord, TaskSyntax, Text, TypeSyntax, ValueSyntax,
};

/// How much of the tree's pools there was before a line.
struct Mark {
    names: usize,
    operands: usize,
    attributes: usize,
    extents: usize,
    slice_dims: usize,
}

impl Converter<'_> {
    /// What `line` says, if it is one of the common ones; what it refers to is in the tree then.
    pub(crate) fn scan(&mut self, line: Line) -> Option<Kind> {
        let mark = Mark {
            names: self.tree.names.len(),
            operands: self.tree.operands.len(),
            attributes: self.tree.attributes.len(),
            extents: self.tree.extents.len(),
            slice_dims: self.tree.slice_dims.len(),
        };
        let end = self.text.len().min(line.text.end as usize);
        let mut scanner = Scanner { text: &self.text.as_bytes()[..end], at: line.text.start };
        let kind = self.scan_line(&mut scanner);
        if kind.is_none() {
            self.tree.names.truncate(mark.names);
            self.tree.operands.truncate(mark.operands);
            self.tree.attributes.truncate(mark.attributes);
            self.tree.extents.truncate(mark.extents);
            self.tree.slice_dims.truncate(mark.slice_dims);
        }
        kind
    }

    fn scan_line(&mut self, scanner: &mut Scanner<'_>) -> Option<Kind> {
        let first = scanner.word()?;
        let blanks = scanner.blanks();
        if scanner.take(b':') {
            scanner.blanks();
            let head = scanner.word()?;
            let blanks = scanner.blanks();
            return self.scan_task(Some(first), head, blanks, scanner).map(Kind::Task);
        }
        let space = match first.of(self.text) {
            "device" => SpaceWord::Device,
            "temp" => SpaceWord::Temp,
            "host" => SpaceWord::Host,
            _ => return self.scan_task(None, first, blanks, scanner).map(Kind::Task),
        };
        if blanks { self.scan_buffers(space, scanner) } else { None }
    }

    /// A task after its first word `head` and the blanks behind that, if there are any.
    fn scan_task(
        &mut self,
        stream: Option<Text>,
        head: Text,
        blanks: bool,
        scanner: &mut Scanner<'_>,
    ) -> Option<TaskSyntax> {
        let mut task = TaskSyntax::new(stream, OpSyntax::Operator(head), head);
        match head.of(self.text) {
            word @ ("record" | "wait") if blanks => {
                let name = scanner.word()?;
                task.op = match word {
                    "record" => OpSyntax::Record { name, external: false },
                    _ => OpSyntax::Wait { name, external: false },
                };
                task.head = head.to(name);
            }
            "kernel" if blanks => {
                task.op = OpSyntax::Kernel(scanner.string()?);
                scanner.blanks();
                self.scan_call(&mut task, scanner)?;
            }
            _ => self.scan_call(&mut task, scanner)?,
        }
        scanner.blanks();
        if !scanner.is_at_end() {
            task.attributes = self.scan_attributes(scanner)?;
        }
        scanner.is_at_end().then_some(task)
    }

    /// The operands and results of a call, from its parenthesis on.
    fn scan_call(&mut self, task: &mut TaskSyntax, scanner: &mut Scanner<'_>) -> Option<()> {
        if !scanner.take(b'(') {
            return None;
        }
        let start = self.tree.operands.len();
        scanner.blanks();
        if !scanner.take(b')') {
            self.scan_operands(scanner)?;
            if !scanner.take(b')') {
                return None;
            }
        }
        task.inputs = List::since(&self.tree.operands, start);
        task.head.end = scanner.at;
        scanner.blanks();
        if scanner.take(b'-') {
            let start = self.tree.operands.len();
            if !scanner.take(b'>') {
                return None;
            }
            scanner.blanks();
            self.scan_operands(scanner)?;
            task.outputs = List::since(&self.tree.operands, start);
            task.head.end = self.tree.operands.last().map_or(task.head.end, |last| last.text.end);
        }
        Some(())
    }

    /// Operands, one at least, and the blanks behind them.
    fn scan_operands(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        loop {
            let operand = self.scan_operand(scanner)?;
            self.tree.operands.push(operand);
            scanner.blanks();
            if !scanner.take(b',') {
                return Some(());
            }
            scanner.blanks();
        }
    }

    fn scan_operand(&mut self, scanner: &mut Scanner<'_>) -> Option<OperandSyntax> {
        let name = scanner.word()?;
        let start = self.tree.slice_dims.len();
        if !scanner.take(b'[') {
            return Some(OperandSyntax { name, text: name, slice: None });
        }
        loop {
            scanner.blanks();
            let dim = self.scan_dimension(scanner)?;
            self.tree.slice_dims.push(dim);
            scanner.blanks();
            if scanner.take(b']') {
                let text = Text { start: name.start, end: scanner.at };
                return Some(OperandSyntax {
                    name,
                    text,
                    slice: Some(List::since(&self.tree.slice_dims, start)),
                });
            }
            if !scanner.take(b',') {
                return None;
            }
        }
    }

    /// `..`, a number or `low..high`.
    fn scan_dimension(&self, scanner: &mut Scanner<'_>) -> Option<SliceDim> {
        if scanner.take(b'.') {
            return scanner.take(b'.').then_some(SliceDim::All);
        }
        let low = scanner.number()?;
        let low = self.uint(low, u64::MAX).ok()?;
        let behind = scanner.at;
        scanner.blanks();
        if !scanner.take(b'.') {
            scanner.at = behind;
            return Some(SliceDim::At(low));
        }
        if !scanner.take(b'.') {
            return None;
        }
        scanner.blanks();
        let high = scanner.number()?;
        Some(SliceDim::Range(low, self.uint(high, u64::MAX).ok()?))
    }

    /// `[name = value, …]` with values that are numbers, texts and words.
    fn scan_attributes(&mut self, scanner: &mut Scanner<'_>) -> Option<List<AttributeSyntax>> {
        let start = self.tree.attributes.len();
        if !scanner.take(b'[') {
            return None;
        }
        loop {
            scanner.blanks();
            let name = scanner.word()?;
            scanner.blanks();
            if !scanner.take(b'=') {
                return None;
            }
            scanner.blanks();
            let (text, value) = self.scan_value(scanner)?;
            self.tree.attributes.push(AttributeSyntax { name, text, value });
            scanner.blanks();
            if scanner.take(b']') {
                return Some(List::since(&self.tree.attributes, start));
            }
            if !scanner.take(b',') {
                return None;
            }
        }
    }

    fn scan_value(&self, scanner: &mut Scanner<'_>) -> Option<(Text, ValueSyntax)> {
        match scanner.peek()? {
            b'"' => Some((scanner.string()?, ValueSyntax::Quoted)),
            b'0'..=b'9' => {
                let number = scanner.number()?;
                Some((number, self.number(number).ok()?))
            }
            _ => {
                let name = scanner.word()?;
                // These two words are numbers.
                let is_name = !matches!(name.of(self.text), "inf" | "nan");
                is_name.then_some((name, ValueSyntax::Name(OperandSyntax { name, text: name, slice: None })))
            }
        }
    }

    /// `NAME, NAME : TYPE` or `NAME = OPERAND`, to the end of the line.
    fn scan_buffers(&mut self, space: SpaceWord, scanner: &mut Scanner<'_>) -> Option<Kind> {
        let start = self.tree.names.len();
        loop {
            let name = scanner.word()?;
            let is_first = self.tree.names.len() == start;
            self.tree.names.push(name);
            scanner.blanks();
            if is_first && scanner.take(b'=') {
                scanner.blanks();
                let base = self.scan_operand(scanner)?;
                return scanner.is_at_end().then_some(Kind::View { space, name, base, ty: None });
            }
            if !scanner.take(b',') {
                break;
            }
            scanner.blanks();
        }
        let names = List::since(&self.tree.names, start);
        if !scanner.take(b':') {
            return None;
        }
        scanner.blanks();
        let dtype = scanner.letters_and_digits()?;
        if !scanner.take(b'[') {
            return None;
        }
        let start = self.tree.extents.len();
        scanner.blanks();
        let mut is_closed = scanner.take(b']');
        while !is_closed {
            let number = scanner.number()?;
            self.tree.extents.push(self.size(number).ok()?);
            scanner.blanks();
            is_closed = scanner.take(b']');
            if !is_closed {
                scanner.take(b',').then(|| scanner.blanks())?;
            }
        }
        let extents = List::since(&self.tree.extents, start);
        let ty = TypeSyntax { text: Text { start: dtype.start, end: scanner.at }, dtype, extents };
        scanner.is_at_end().then_some(Kind::Buffers { space, names, ty, memory: None })
    }
}

/// What a byte may be part of, as bits: a line has more bytes than anything else has to be looked at.
const NAME: u8 = 1;
const DIGIT: u8 = 2;
const BLANK: u8 = 4;
const QUOTED: u8 = 8;
const LETTER_OR_DIGIT: u8 = 16;
const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0u8;
    while byte < 128 {
        let class = &mut classes[byte as usize];
        if byte.is_ascii_alphanumeric() {
            *class |= NAME | LETTER_OR_DIGIT;
        }
        match byte {
            b'_' => *class |= NAME,
            b'0'..=b'9' => *class |= DIGIT,
            b' ' | b'\t' => *class |= BLANK,
            _ => {}
        }
        if matches!(byte, b' '..=b'~' | b'\t') && byte != b'"' && byte != b'\\' {
            *class |= QUOTED;
        }
        byte += 1;
    }
    classes
}

fn is(byte: u8, class: u8) -> bool {
    CLASSES[byte as usize] & class != 0
}

/// A place in a line; tokens are those of the grammar, as far as they are of ASCII characters.
struct Scanner<'t> {
    /// The file up to the end of the line.
    text: &'t [u8],
    at: u32,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at as usize).copied()
    }

    fn is_at_end(&self) -> bool {
        self.at as usize == self.text.len()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += u32::from(is_there);
        is_there
    }

    /// Skips bytes of a class; says whether there were any.
    fn skip(&mut self, class: u8) -> bool {
        let rest = &self.text[self.at as usize..];
        let count = rest.iter().position(|&byte| !is(byte, class)).unwrap_or(rest.len());
        self.at += count as u32;
        count > 0
    }

    fn blanks(&mut self) -> bool {
        self.skip(BLANK)
    }

    fn since(&self, start: u32) -> Text {
        Text { start, end: self.at }
    }

    /// A name; `None` as well where it goes on with characters of other alphabets.
    fn word(&mut self) -> Option<Text> {
        let start = self.at;
        self.peek().filter(|&byte| is(byte, NAME) && !is(byte, DIGIT))?;
        self.skip(NAME);
        while self.peek() == Some(b'.') {
            self.at += 1;
            if !self.skip(NAME) {
                return None;
            }
        }
        self.ends_in_ascii(start)
    }

    /// A number from 0 on, whatever letters follow its digits.
    fn number(&mut self) -> Option<Text> {
        let start = self.at;
        self.peek().filter(|&byte| is(byte, DIGIT))?;
        self.skip(DIGIT);
        while let Some(byte) = self.peek() {
            let next = |skip: u32| self.text.get((self.at + skip) as usize).copied().unwrap_or(0);
            match byte {
                b'e' | b'E' if matches!(next(1), b'+' | b'-') && next(2).is_ascii_digit() => self.at += 3,
                b'.' if next(1).is_ascii_digit() => self.at += 2,
                _ if is(byte, NAME) => self.at += 1,
                _ => break,
            }
        }
        self.ends_in_ascii(start)
    }

    fn letters_and_digits(&mut self) -> Option<Text> {
        let start = self.at;
        if self.skip(LETTER_OR_DIGIT) { Some(self.since(start)) } else { None }
    }

    /// A quoted text without escapes, its quotes included.
    fn string(&mut self) -> Option<Text> {
        let start = self.at;
        if !self.take(b'"') {
            return None;
        }
        self.skip(QUOTED);
        self.take(b'"').then(|| self.since(start))
    }

    fn ends_in_ascii(&self, start: u32) -> Option<Text> {
        self.peek().is_none_or(|byte| byte.is_ascii()).then(|| self.since(start))
    }
}

#[cfg(test)]
mod tests {
    use acg_diagnostics::{FileId, Sources};
    use pest::Parser;
    use proptest::prelude::*;

    use super::*;
    use crate::grammar::{Grammar, Rule};

    fn file() -> FileId {
        Sources::new().add("test.acg", "")
    }

    /// The whole of `text` as one line.
    fn line(text: &str) -> Line {
        Line { text: Text { start: 0, end: text.len() as u32 } }
    }

    fn scanned(text: &str) -> Option<String> {
        let mut converter = Converter::new(file(), text);
        let kind = converter.scan(line(text));
        if kind.is_none() {
            let empty = format!("{:?}", Converter::new(file(), text).tree);
            assert_eq!(
                format!("{:?}", converter.tree),
                empty,
                "{text}: nothing is left of a line that is not read"
            );
        }
        converter.scanned(line(text), kind?);
        Some(format!("{:?}", converter.tree))
    }

    fn by_grammar(text: &str) -> Option<String> {
        let mut converter = Converter::new(file(), text);
        converter.chunk(0, Grammar::parse(Rule::chunk, text).ok()?.next()?);
        Some(format!("{:?}", converter.tree))
    }

    const LINES: [&str; 15] = [
        "kernel \"k0\"() -> b0 [cost = 6.507us, cores = 1]",
        "side.16: kernel \"k1\"(b0, b1.x) -> c, d",
        "main: record done.1",
        "s : wait e [timeout = 5]",
        "aclnnAdd(a, b)",
        "x: aclnnAdd ( a ,b ) -> [o, p]",
        "aclnnAdd(a, b, alpha = 1.5e+3) -> c[0..3]",
        "device b0, b1 , b2 : bytes[4KiB]",
        "temp t : f32[2, 3]",
        "host h : f16[] pinned",
        "kernel \"a\\\"b\"(x) as y after z, w [core = aivec, name = \"n\", schem = nan]",
        "device v = b0[0..4] as i8[4]",
        "temp v = pool.a[0..262144]",
        "kernel \"k\"(a[0..4, .., 3], b[ 1 , 2 .. 9 ]) -> c[..]",
        "kernel \"k\"(nan.a) -> inf.b [bias = nan.5us, rest = inf, other = inf.c]",
    ];

    #[test]
    fn common_lines_are_scanned() {
        for text in &LINES[..5] {
            assert!(scanned(text).is_some(), "{text}");
        }
        assert!(LINES.iter().all(|text| agree(text).is_ok() && by_grammar(text).is_some()));
        assert!(scanned(LINES[7]).is_some() && scanned(LINES[8]).is_some());
        assert!(
            scanned("temp v = pool.a[0..262144]").is_some()
                && scanned("aclnnAdd(a[..], b[2]) -> c[0..4]").is_some()
        );
    }

    /// Pieces of lines, whole lines and single characters.
    fn piece() -> impl Strategy<Value = String> {
        let tokens = "kernel|record|wait|device|temp|host|aclnnAdd|e|b0|s.1|nan|inf|as|after|external|bytes|\"k\"|(|)|->|,|:|[|]|=| |\t|.|..|1|0x1f|4KiB|1.5us|1e+5|-3|//|é|\\|\"|{|}|\r";
        let tokens: Vec<String> = tokens.split('|').map(str::to_owned).collect();
        prop_oneof![
            6 => proptest::sample::select(tokens),
            1 => proptest::sample::select(LINES.map(str::to_owned).to_vec()),
            1 => any::<char>().prop_filter("one line", |character| *character != '\n').prop_map(String::from),
        ]
    }

    /// A common line with some of it replaced.
    fn mutated() -> impl Strategy<Value = String> {
        let edits = proptest::collection::vec((any::<proptest::sample::Index>(), 0..4usize, piece()), 0..4);
        (proptest::sample::select(LINES.to_vec()), edits).prop_map(|(text, edits)| {
            let mut characters: Vec<char> = text.chars().collect();
            for (at, length, piece) in edits {
                let at = at.index(characters.len() + 1);
                let end = (at + length).min(characters.len());
                characters.splice(at..end, piece.chars());
            }
            characters.into_iter().collect()
        })
    }

    fn agree(text: &str) -> Result<(), TestCaseError> {
        // A line starts and ends with something.
        let text = text.trim_matches([' ', '\t', '\r']);
        if let Some(scanned) = scanned(text) {
            prop_assert_eq!(Some(scanned), by_grammar(text), "{}", text);
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_is_scanned_is_what_the_grammar_makes_of_it(text in mutated()) {
            agree(&text)?;
        }

        #[test]
        fn lines_of_pieces_as_well(pieces in proptest::collection::vec(piece(), 0..16)) {
            agree(&pieces.concat())?;
        }
    }
}
