//! A crate's sources as data: modules, what they name, and the sizes of files and functions.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// A module's place in its crate: `["gate", "verify"]` is `crate::gate::verify`.
pub type ModulePath = Vec<String>;

/// What one target of a package is compiled from.
#[derive(Default)]
pub struct Crate {
    /// Where its modules stand, relative to the repository.
    pub folder: PathBuf,
    pub modules: BTreeMap<ModulePath, Module>,
    pub files: Vec<SourceFile>,
}

/// A module without the ones below it.
#[derive(Default)]
pub struct Module {
    /// Relative to the repository.
    pub file: PathBuf,
    /// The names of the items that it defines.
    pub items: BTreeSet<String>,
    /// The names that `use` brings in, and the path of each as it is written.
    pub imports: BTreeMap<String, Vec<String>>,
    /// The paths that end in `::*`.
    pub globs: Vec<Vec<String>>,
    pub mentions: Vec<Mention>,
}

/// A path that stands in a module's code.
#[derive(Clone)]
pub struct Mention {
    pub path: Vec<String>,
    pub line: usize,
}

/// A file, its code for tests left out.
pub struct SourceFile {
    /// Relative to the repository.
    pub path: PathBuf,
    pub lines: usize,
    pub functions: Vec<Function>,
}

pub struct Function {
    pub name: String,
    /// Where it begins.
    pub line: usize,
    /// How many lines it has, from its signature to its last bracket.
    pub length: usize,
}

/// A module's use of another one in its crate.
pub struct Use {
    pub from: ModulePath,
    pub to: ModulePath,
    /// The file, the line and the path that stands there.
    pub evidence: String,
}
