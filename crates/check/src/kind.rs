//! Which language a text is in.

use std::path::Path;

/// A language that `acg` reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A `.acg` program.
    Program,
    /// A `.calls` log.
    Log,
}

impl Kind {
    /// What the extension says, if it is one of ours.
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "acg" => Some(Self::Program),
            "calls" => Some(Self::Log),
            _ => None,
        }
    }

    /// What the first statement looks like: a call is a name and a parenthesis, which no declaration is.
    pub fn of_text(text: &str) -> Self {
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
}
