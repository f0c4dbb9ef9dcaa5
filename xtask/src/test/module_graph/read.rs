//! Reads a crate's sources, module by module.

use super::source::{Crate, Function, Mention, Module, ModulePath, SourceFile};
use anyhow::{Context, Result};
use gatehouse::files::read;
use proc_macro2::{Spacing, TokenStream, TokenTree};
use std::path::{Path, PathBuf};
use syn::{
    Attribute, Block, ImplItem, Item, ItemMod, ItemUse, Signature, TraitItem, UseTree,
    spanned::Spanned,
    visit::{self, Visit},
};

/// Reads the crate whose root module is this file.
pub fn read_crate(repository: &Path, root: &Path) -> Result<Crate> {
    let folder = root.parent().context("a source file has no folder")?;
    let mut found = Crate { folder: relative(repository, folder), ..Crate::default() };
    let mut pending = vec![Pending { path: Vec::new(), file: root.to_owned(), folder: folder.to_owned() }];
    while let Some(next) = pending.pop() {
        let text = String::from_utf8(read(&next.file)?)?;
        let parsed = syn::parse_file(&text).with_context(|| format!("cannot parse {}", next.file.display()))?;
        let file = relative(repository, &next.file);
        let mut reader = Reader {
            krate: &mut found,
            pending: &mut pending,
            path: next.path,
            folder: next.folder,
            source: SourceFile { path: file.clone(), lines: text.lines().count(), functions: Vec::new() },
        };
        reader.begin_module();
        reader.visit_file(&parsed);
        let source = reader.source;
        found.files.push(source);
    }
    Ok(found)
}

fn relative(repository: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(repository).unwrap_or(path).to_owned()
}

/// A file that still has to be read.
struct Pending {
    path: ModulePath,
    file: PathBuf,
    /// Where the files of the modules below it stand.
    folder: PathBuf,
}

/// Reads one file.
struct Reader<'a> {
    krate: &'a mut Crate,
    pending: &'a mut Vec<Pending>,
    /// Of the module that is being read.
    path: ModulePath,
    folder: PathBuf,
    source: SourceFile,
}

impl Reader<'_> {
    fn begin_module(&mut self) {
        let module = Module { file: self.source.path.clone(), ..Module::default() };
        self.krate.modules.insert(self.path.clone(), module);
    }

    fn module(&mut self) -> &mut Module {
        self.krate.modules.entry(self.path.clone()).or_default()
    }

    fn mention(&mut self, path: Vec<String>, line: usize) {
        self.module().mentions.push(Mention { path, line });
    }

    fn leave_out(&mut self, test_code: &impl Spanned) {
        self.source.lines -= lines_of(test_code).1;
    }

    fn add_function(&mut self, signature: &Signature, block: &Block) {
        let (line, _) = lines_of(signature);
        let length = block.span().end().line + 1 - line;
        self.source.functions.push(Function { name: signature.ident.to_string(), line, length });
    }

    /// Adds the names that a `use` brings in, and what it mentions.
    fn add_use(&mut self, tree: &UseTree, prefix: &[String], line: usize) {
        let with = |name: &dyn ToString| [prefix, &[name.to_string()]].concat();
        let (name, path) = match tree {
            UseTree::Path(path) => return self.add_use(&path.tree, &with(&path.ident), line),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_use(tree, prefix, line);
                }
                return;
            }
            UseTree::Glob(_) => {
                self.module().globs.push(prefix.to_vec());
                return self.mention(prefix.to_vec(), line);
            }
            UseTree::Name(name) if name.ident == "self" => (prefix.last().cloned(), prefix.to_vec()),
            UseTree::Name(name) => (Some(name.ident.to_string()), with(&name.ident)),
            UseTree::Rename(rename) if rename.ident == "self" => (Some(rename.rename.to_string()), prefix.to_vec()),
            UseTree::Rename(rename) => (Some(rename.rename.to_string()), with(&rename.ident)),
        };
        self.mention(path.clone(), line);
        if let Some(name) = name.filter(|name| name != "_") {
            self.module().imports.insert(name, path);
        }
    }

    /// Adds the paths in what a macro is given, which is no syntax yet, and in the texts of attributes
    /// (`#[serde(with = "crate::path")]`).
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let (mut colons, mut line) = (0, 0);
        for token in tokens {
            line = token.span().start().line;
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.add_path_of_tokens(&mut path, line);
                    }
                    path.push(name.to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => {
                    colons += if colons == 1 || mark.spacing() == Spacing::Joint { 1 } else { 3 };
                    continue;
                }
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                TokenTree::Literal(literal) => self.add_text(&literal.to_string(), line),
                TokenTree::Punct(_) => {}
            }
            self.add_path_of_tokens(&mut path, line);
            colons = 0;
        }
        self.add_path_of_tokens(&mut path, line);
    }

    fn add_path_of_tokens(&mut self, path: &mut Vec<String>, line: usize) {
        let path = std::mem::take(path);
        if path.len() > 1 {
            self.mention(path, line);
        }
    }

    fn add_text(&mut self, literal: &str, line: usize) {
        let text = literal.trim_matches('"');
        let is_path = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:".contains(&byte));
        if text.starts_with("crate::") && is_path(text) {
            self.mention(text.split("::").map(str::to_owned).collect(), line);
        }
    }

    fn read_inline_module(&mut self, module: &ItemMod, items: &[Item]) {
        let name = module.ident.to_string();
        self.folder.push(&name);
        self.path.push(name);
        self.begin_module();
        items.iter().for_each(|item| self.visit_item(item));
        self.path.pop();
        self.folder.pop();
    }

    /// Notes the file of `mod name;`, to be read later.
    fn note_file(&mut self, module: &ItemMod) {
        let name = module.ident.to_string();
        let path = [self.path.as_slice(), std::slice::from_ref(&name)].concat();
        let (file, folder) = match path_attribute(&module.attrs) {
            Some(given) => {
                let file = self.folder.join(given);
                let folder = file.parent().unwrap_or(&self.folder).to_owned();
                (file, folder)
            }
            None => {
                let (alone, folder) = (self.folder.join(format!("{name}.rs")), self.folder.join(&name));
                (if alone.is_file() { alone } else { folder.join("mod.rs") }, folder)
            }
        };
        self.pending.push(Pending { path, file, folder });
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let (name, attributes) = name_and_attributes(item);
        if attributes.iter().any(is_for_tests) {
            return self.leave_out(item);
        }
        if let Some(name) = name {
            self.module().items.insert(name);
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        match &module.content {
            Some((_, items)) => self.read_inline_module(module, items),
            None => self.note_file(module),
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            self.add_use(&item.tree, &[], lines_of(item).0);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add_function(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if let ImplItem::Fn(function) = item {
            if function.attrs.iter().any(is_for_tests) {
                return self.leave_out(item);
            }
            self.add_function(&function.sig, &function.block);
        }
        visit::visit_impl_item(self, item);
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        if let TraitItem::Fn(function) = item
            && let Some(block) = &function.default
        {
            self.add_function(&function.sig, block);
        }
        visit::visit_trait_item(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let names = path.segments.iter().map(|segment| segment.ident.to_string());
            self.mention(names.collect(), lines_of(path).0);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.add_tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.add_tokens(list.tokens.clone());
        }
    }
}

/// The first line of a piece of syntax, and how many lines it has.
fn lines_of(syntax: &impl Spanned) -> (usize, usize) {
    let span = syntax.span();
    (span.start().line, span.end().line + 1 - span.start().line)
}

fn is_for_tests(attribute: &Attribute) -> bool {
    let condition = attribute.path().is_ident("cfg").then(|| attribute.parse_args::<syn::Path>().ok()).flatten();
    condition.is_some_and(|condition| condition.is_ident("test")) || attribute.path().is_ident("test")
}

/// The file that `#[path = "…"]` names.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    let given = attributes.iter().find(|attribute| attribute.path().is_ident("path"))?;
    let syn::Expr::Lit(value) = &given.meta.require_name_value().ok()?.value else { return None };
    let syn::Lit::Str(text) = &value.lit else { return None };
    Some(text.value())
}

fn name_and_attributes(item: &Item) -> (Option<String>, &[Attribute]) {
    let (name, attributes) = match item {
        Item::Const(item) => (&item.ident, &item.attrs),
        Item::Enum(item) => (&item.ident, &item.attrs),
        Item::Fn(item) => (&item.sig.ident, &item.attrs),
        Item::Mod(item) => (&item.ident, &item.attrs),
        Item::Static(item) => (&item.ident, &item.attrs),
        Item::Struct(item) => (&item.ident, &item.attrs),
        Item::Trait(item) => (&item.ident, &item.attrs),
        Item::Type(item) => (&item.ident, &item.attrs),
        Item::Union(item) => (&item.ident, &item.attrs),
        Item::Impl(item) => return (None, &item.attrs),
        Item::Macro(item) => return (item.ident.as_ref().map(ToString::to_string), &item.attrs),
        Item::Use(item) => return (None, &item.attrs),
        _ => return (None, &[]),
    };
    (Some(name.to_string()), attributes)
}
