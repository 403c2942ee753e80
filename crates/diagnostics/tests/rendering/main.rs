//! What diagnostics look like: expected files, the SARIF schema, and properties of any text and spans.

mod formats;
mod properties;
mod sarif;
mod scenarios;
mod schema;
