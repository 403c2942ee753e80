//! Interned text of a module: names, kernel names, string and number literals.

acg_entity::entity! {
    /// One interned text.
    Symbol, "sym"
}

/// The texts of a module.
pub type Symbols = acg_entity::Texts<Symbol>;
