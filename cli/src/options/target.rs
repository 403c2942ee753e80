//! Which machine is predicted for.

/// The machine to predict for; shared by all commands that predict.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct TargetArgs {
    /// Target profile (`acg targets` lists them); wins over the `target` line of a program
    #[arg(long, value_name = "PROFILE")]
    pub(crate) target: Option<String>,
    /// CANN version, such as 9.1; wins over the `target` line of a program
    #[arg(long, value_name = "VERSION")]
    pub(crate) cann: Option<String>,
}
