//! Finds the modules that the paths in a crate's code lead to.

use super::source::{Crate, ModulePath, Use};

/// Re-exports of re-exports are followed this far; a circle of globs ends here.
const DEEPEST: usize = 16;

impl Crate {
    /// Every use of one module by another, once for each place where it stands.
    pub fn uses(&self) -> Vec<Use> {
        let mut uses = Vec::new();
        for (from, module) in &self.modules {
            for mention in &module.mentions {
                let mut reached = Vec::new();
                self.follow(from, &mention.path, DEEPEST, &mut reached);
                let evidence = format!("{}:{} uses {}", module.file.display(), mention.line, mention.path.join("::"));
                let different = reached.into_iter().filter(|to| to != from);
                uses.extend(different.map(|to| Use { from: from.clone(), to, evidence: evidence.clone() }));
            }
        }
        uses
    }

    /// Adds the modules that a path passes through where names are re-exported, and the one that defines its name.
    fn follow(&self, from: &ModulePath, path: &[String], depth: usize, reached: &mut Vec<ModulePath>) {
        let mut at = from.clone();
        let mut rest = path;
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()),
                _ => break,
            }
            rest = others;
        }
        let is_relative = rest.len() == path.len();
        while let Some((name, others)) = rest.split_first() {
            let inner = [at.as_slice(), std::slice::from_ref(name)].concat();
            if self.modules.contains_key(&inner) {
                at = inner;
                rest = others;
                continue;
            }
            if let Some(import) = self.import_of(&at, name, depth) {
                reached.push(at.clone());
                // A name that stands for itself is another crate's: `use serde; serde::Serialize`.
                if depth > 0 && import.first() != Some(name) {
                    self.follow(&at, &[import.as_slice(), others].concat(), depth - 1, reached);
                }
                return;
            }
            break;
        }
        // A name that is neither a module nor imported, and stands first: a local one, or another crate's.
        if !is_relative || rest.len() < path.len() {
            reached.push(at);
        }
    }

    /// The path for which a name stands in a module, as `use` says there.
    fn import_of(&self, module: &ModulePath, name: &String, depth: usize) -> Option<Vec<String>> {
        let scope = self.modules.get(module)?;
        if scope.items.contains(name) {
            return None;
        }
        let from_glob = |glob: &&Vec<String>| {
            let mut reached = Vec::new();
            if depth > 0 {
                self.follow(module, glob, depth - 1, &mut reached);
            }
            let target = reached.last().filter(|target| *target != module);
            target.is_some_and(|target| self.defines(target, name))
        };
        let named = scope.imports.get(name).cloned();
        named.or_else(|| {
            let glob = scope.globs.iter().find(from_glob)?;
            Some([glob.as_slice(), std::slice::from_ref(name)].concat())
        })
    }

    fn defines(&self, module: &ModulePath, name: &String) -> bool {
        let defined = |module: &super::source::Module| module.items.contains(name) || module.imports.contains_key(name);
        self.modules.get(module).is_some_and(defined)
    }
}
