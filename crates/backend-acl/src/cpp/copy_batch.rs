//! `aclrtMemcpyBatchAsync`: arrays of addresses, sizes and places.

use acg_calls::{Arg, CallView, Kind};

use super::Emitter;

impl Emitter<'_> {
    pub(super) fn copy_batch(&mut self, call: &CallView<'_>, line: u32) {
        self.body.open(format_args!("{{"));
        for (position, ty, name) in [
            (0, "void *", "destinations"),
            (1, "size_t ", "destination_sizes"),
            (2, "void *", "sources"),
            (3, "size_t ", "sizes"),
            (6, "size_t ", "starts"),
        ] {
            let items = call.list(position).unwrap_or_default().iter();
            let items: Vec<_> = items.map(|item| self.argument(item, Kind::Any)).collect();
            self.body.format(format_args!("{ty}{name}[] = {{{}}};", items.join(", ")));
        }
        let places = call.list(5).unwrap_or_default();
        self.body.format(format_args!("aclrtMemcpyBatchAttr places[{}] = {{}};", places.len().max(1)));
        for (at, place) in places.iter().enumerate() {
            for (side, name) in call.items(place).unwrap_or_default().iter().zip(["dstLoc", "srcLoc"]) {
                let is_device = call.items(side).and_then(|fields| fields.get(1)) == Some(Arg::Int(1));
                let ty =
                    if is_device { "ACL_MEM_LOCATION_TYPE_DEVICE" } else { "ACL_MEM_LOCATION_TYPE_HOST" };
                self.body.format(format_args!("places[{at}].{name}.type = {ty};"));
            }
        }
        self.body.line("size_t fail_index = 0;");
        let count = call.int(4).unwrap_or(0);
        let stream = self.argument(call.arg(9).unwrap_or(Arg::Null), Kind::Any);
        let arguments = format!(
            "destinations, destination_sizes, sources, sizes, {count}, places, starts, {}, &fail_index, {stream}",
            places.len()
        );
        self.check(&format!("aclrtMemcpyBatchAsync({arguments})"), "aclrtMemcpyBatchAsync", line);
        self.body.close("}");
    }
}
