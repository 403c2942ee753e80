//! `acg explain`: what a rule, a return code or a family of messages is about.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;

use crate::output;

/// Prints the page of a rule, or what a return code means and which rules predict it.
#[derive(clap::Args)]
#[command(after_long_help = "\
Examples:
  acg explain ACG031                         a rule, by code
  acg explain join-record-not-waited         a rule, by name
  acg explain 107025                         a return code, by number
  acg explain ACL_ERROR_RT_STREAM_UNJOINED   a return code, by symbol
  acg explain 0x7020023                      a number of the runtime's own log
  acg explain EE1023                         a family of messages
  acg explain --list                         every rule, one line each")]
pub(crate) struct Args {
    /// Rules, return codes or message families
    #[arg(value_name = "CODE", required_unless_present = "list")]
    codes: Vec<String>,
    /// List every rule instead: code, severity, name, what is wrong
    #[arg(long, conflicts_with = "codes")]
    list: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    if args.list {
        output::print(&list()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let pages: Vec<String> =
        args.codes.iter().map(|code| acg_check::explain(code)).collect::<Result<_, _>>()?;
    output::print(&pages.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Every rule by code.
fn list() -> Result<String> {
    let rules = acg_check::rules();
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rules {
        writeln!(
            text,
            "{}  {:<6}  {:width$}  {}",
            rule.code,
            rule.severity.as_str(),
            rule.name,
            rule.summary
        )?;
    }
    Ok(text)
}
