//! Calls outside of captures, which become the host program, and calls that become no line: those that only ask, those that a
//! program makes by itself, and those without a form.

use acg_calls::{Api, CallId, CallView, Kind};
use acg_ir::{BodyId, GraphId, Symbol, TaskData};

use super::LogImport;
use super::captures::Place;
use crate::draft::Line;
use crate::remark::{Remark, RemarkKind};

/// How many comments about calls outside of captures stand at one place.
const MOST_COMMENTS: usize = 20;

/// Calls that become no line.
#[derive(Debug, Default)]
pub(super) struct Asides {
    /// How many calls only ask.
    pub(super) asked: u32,
    /// Calls outside of captures that have no form, since the last graph: the text of one, and how many like it follow each other.
    outside: Vec<(Api, String, u32)>,
    /// Whether the host program has lines.
    pub(super) has_run: bool,
    /// What the log releases and no line says yet: it matters only to what comes behind it.
    released: Vec<(CallId, TaskData)>,
}

impl Asides {
    /// Whether something is released that no line says yet.
    pub(super) fn has_released(&self) -> bool {
        !self.released.is_empty()
    }
}

/// Whether a call only tells the program something.
pub(super) fn only_asks(api: Api) -> bool {
    let name = api.as_str();
    let asks = api.params().iter().any(|param| matches!(param.kind, Kind::OutValue | Kind::OutArray));
    let called = name.contains("Get") && !matches!(api, Api::RiCondHandleGetCondPtr);
    // Overflow status is got by a task.
    let is_task = matches!(
        api,
        Api::GetOverflowStatus
            | Api::NpuGetFloatOverFlowStatus
            | Api::GetFloatOverflowStatus
            | Api::EventGetTimestamp
    );
    (asks && called && !is_task)
        || matches!(
            api,
            Api::RiDebugPrint | Api::GetCurrentContext | Api::RiGetId | Api::HostGetDevicePointer
        )
}

/// Whether the program makes the call by itself, or does without it.
fn is_implied(api: Api) -> bool {
    matches!(
        api,
        Api::AclInit
            | Api::AclFinalize
            | Api::SetDevice
            | Api::ResetDevice
            | Api::ResetDeviceForce
            | Api::DestroyStream
            | Api::DestroyStreamForce
            | Api::DestroyEvent
            | Api::DestroyNotify
            | Api::Free
            | Api::FreeHost
            | Api::CFree
            | Api::HostUnregister
            | Api::UnSubscribeReport
            | Api::RiDestroy
            | Api::BinaryLoadFromFile
            | Api::BinaryLoadFromData
            | Api::BinaryUnLoad
    )
}

impl<'l> LogImport<'l> {
    /// A call outside of captures.
    pub(super) fn outside(&mut self, call: &CallView<'l>) {
        if is_implied(call.api()) && self.captures.bare.innermost().is_none() {
            // What has no form is released at the end.
            let released = self.at_once(call, BodyId::Run).ok();
            return self.asides.released.extend(released.map(|line| (call.id, line)));
        }
        let place = self.run_place();
        self.say(call, place);
    }

    /// The end of the host program, behind what was released last.
    pub(super) fn run_place(&mut self) -> Place {
        let place = Place { body: BodyId::Run, sheet: self.draft.run_sheet() };
        let log = self.log;
        for (call, line) in std::mem::take(&mut self.asides.released) {
            self.add(&log.view(call), place, line);
        }
        place
    }

    /// A call that the language has no form for, or none with these arguments.
    pub(super) fn left_out(&mut self, call: &CallView<'l>, why: &str) {
        let text = self.text(call);
        let place = self.place_of(call);
        let place = if self.asides.has_run { Some(place.unwrap_or_else(|| self.run_place())) } else { place };
        match (place, self.asides.outside.last_mut()) {
            (Some(place), _) => {
                let comment = self.draft.comment(&format!("left out: {text} ({why})"));
                self.draft.write(place.sheet, Line::Comment(comment), Some(call.id.0), call.manner().thread);
            }
            (None, Some((api, _, count))) if *api == call.api() => *count += call.manner().repeat,
            (None, _) => {
                let text = format!("{text} ({why})");
                self.asides.outside.push((call.api(), text, call.manner().repeat));
            }
        }
        self.remark(RemarkKind::LeftOut, call, format!("{}: {why}", call.api()));
    }

    /// A call as the log writes it.
    fn text(&self, call: &CallView<'l>) -> String {
        let thread =
            if call.manner().thread == 1 { String::new() } else { format!("[t{}] ", call.manner().thread) };
        format!("{thread}{call} = {}", self.codes[call.id.index()])
    }

    /// Puts what was done since the last graph above the next one.
    pub(super) fn put_asides_above(&mut self, graph: GraphId) {
        let comments = self.outside_comments();
        self.draft.graphs[acg_ir::Entity::index(graph)].above = comments;
    }

    fn outside_comments(&mut self) -> Vec<Symbol> {
        let calls = std::mem::take(&mut self.asides.outside);
        let mut comments = Vec::new();
        for (_, text, count) in calls.iter().take(MOST_COMMENTS) {
            let more = if *count > 1 { format!(", and {} more in a row", count - 1) } else { String::new() };
            comments.push(self.draft.comment(&format!("left out: {text}{more}")));
        }
        if let Some(rest) = calls.len().checked_sub(MOST_COMMENTS).filter(|&rest| rest > 0) {
            comments.push(self.draft.comment(&format!("left out: {rest} more calls outside of captures")));
        }
        comments
    }

    /// Puts what was done behind the last graph at the end, and sums up.
    pub(super) fn close_asides(&mut self) {
        self.draft.end = self.outside_comments();
        if self.asides.asked > 0 {
            let text = format!("{} × a call that only asks for something", self.asides.asked);
            self.remarks.push(Remark { kind: RemarkKind::LeftOut, call: None, text });
        }
    }
}
