//! Every rule on call logs: where it fires and where it does not.

mod graph;
mod programs;
mod timeline;
