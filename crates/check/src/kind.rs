//! Which language a text is in.

use std::path::Path;

/// A language that `acg` reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A `.acg` program.
    Program,
    /// A `.calls` log.
    Log,
    /// A debug dump, `modelRI.json`, compressed or not.
    Dump,
}

/// What a gzip file begins with.
pub(crate) const GZIP: [u8; 2] = [0x1f, 0x8b];

impl Kind {
    /// What the extension says, if it is one of ours.
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "acg" => Some(Self::Program),
            "calls" => Some(Self::Log),
            "json" => Some(Self::Dump),
            "gz" => path
                .file_stem()
                .and_then(|stem| Self::of_path(Path::new(stem)))
                .filter(|&kind| kind == Self::Dump),
            _ => None,
        }
    }

    /// What the beginning of a file looks like.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let start = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes).trim_ascii_start();
        // A call may begin with the thread that makes it, `[t2] …`.
        let is_array = start.starts_with(b"[") && !start.starts_with(b"[t");
        if bytes.starts_with(&GZIP) || start.starts_with(b"{") || is_array {
            return Self::Dump;
        }
        Self::of_text(&String::from_utf8_lossy(bytes))
    }

    /// What the first statement looks like: a call is a name and a parenthesis, which no declaration is.
    fn of_text(text: &str) -> Self {
        let statement = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("//"));
        let head = statement.and_then(|line| line.split_once('(')).map(|(head, _)| head);
        let is_call = head.is_some_and(|head| {
            let name = head.rsplit(' ').next().unwrap_or(head);
            ["acl", "rt", "malloc"].iter().any(|prefix| name.starts_with(prefix)) && !head.contains(':')
        });
        if is_call { Self::Log } else { Self::Program }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_statement_tells() {
        assert_eq!(Kind::of_text("// a log\n\n[t2] aclrtCreateStream(&s) = 0\n"), Kind::Log);
        assert_eq!(Kind::of_text("malloc(&p, 32)\n"), Kind::Log);
        assert_eq!(Kind::of_text("stream main\ngraph g on main {\n"), Kind::Program);
        assert_eq!(Kind::of_text(""), Kind::Program);
    }

    #[test]
    fn dumps_are_json_or_compressed() {
        for text in ["[\n]", "\u{feff}[\n{\"name\":", "  {\"traceEvents\": []}", "\u{1f}\u{8b}"] {
            let bytes =
                if text.starts_with('\u{1f}') { vec![0x1f, 0x8b, 8] } else { text.as_bytes().to_vec() };
            assert_eq!(Kind::of_bytes(&bytes), Kind::Dump, "{text:?}");
        }
        assert_eq!(Kind::of_bytes(b"[t2] aclrtCreateStream(&s) = 0\n"), Kind::Log);
        let of = |name| Kind::of_path(Path::new(name));
        assert_eq!(
            [of("a.json"), of("a.json.gz"), of("a.calls.gz"), of("a.gz")],
            [Some(Kind::Dump), Some(Kind::Dump), None, None]
        );
    }
}
