//! A thread's exchange value is still not GLOBAL when the log ends.

use acg_diagnostics::Rule;

use crate::finding::Finding;
use crate::machine::Machine;

/// ACG021.
pub static RULE: Rule =
    Rule::lint("ACG021", "exchange-not-restored", "a thread keeps an exchange value other than GLOBAL");

/// Looks for threads that kept a changed exchange value.
pub(crate) fn look(m: &mut Machine<'_>) {
    for thread in m.state.threads.keys() {
        let Some(call) = m.state.threads[thread].exchanged_by else { continue };
        let mode = m.state.threads[thread].exchange.as_str();
        let number = m.thread_number(thread);
        let finding = Finding::new(&RULE, call, format!("thread {number} keeps the exchange value {mode}"))
            .note("The value stays with the thread, so its later captures are checked differently too.")
            .help("exchange the old value back when the section is over");
        m.report(finding);
    }
}
