//! A configuration of workerd, in the language that it reads: Cap'n Proto text
//! (<https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp>).

use std::fmt::{self, Display, Formatter, Write};
use std::path::PathBuf;

/// What all our Workers are written for, as in wrangler.toml.
pub const COMPATIBILITY_DATE: &str = "2026-10-23";

#[derive(Default)]
pub struct Config {
    pub services: Vec<Service>,
    pub sockets: Vec<Socket>,
}

pub struct Service {
    pub name: String,
    pub kind: Kind,
}

pub enum Kind {
    Worker(Worker),
    /// A folder.
    Disk {
        path: PathBuf,
        writable: bool,
    },
    /// Whatever a URL names, on this machine as well.
    Network,
}

#[derive(Default)]
pub struct Worker {
    /// The main one first.
    pub modules: Vec<Module>,
    pub bindings: Vec<Binding>,
    /// The Durable Object classes that this Worker exports.
    pub classes: Vec<Class>,
    /// The disk service that objects are kept on.
    pub storage: Option<String>,
    /// The service behind `fetch`; where none is named, what the internet has.
    pub outbound: Option<String>,
}

/// A file beside the configuration.
#[derive(Clone)]
pub struct Module {
    pub name: String,
    /// Relative to the configuration's folder.
    pub path: String,
}

#[derive(Clone)]
pub struct Class {
    pub name: String,
    /// What its objects are kept under. Their ids depend on it.
    pub key: String,
}

#[derive(Clone)]
pub enum Binding {
    Text {
        name: String,
        value: String,
    },
    /// A text that workerd finds in its environment: no file holds it.
    FromEnvironment {
        name: String,
    },
    Json {
        name: String,
        value: serde_json::Value,
    },
    Kv {
        name: String,
        service: String,
    },
    /// `service` has the class, where it is another Worker's.
    Objects {
        name: String,
        class: String,
        service: Option<String>,
    },
    Service {
        name: String,
        service: String,
        entrypoint: Option<String>,
        props: Option<serde_json::Value>,
    },
}

impl Binding {
    /// Binds another service by its default entry point.
    pub fn service(name: &str, service: &str) -> Self {
        Self::Service { name: name.to_owned(), service: service.to_owned(), entrypoint: None, props: None }
    }

    pub fn text(name: &str, value: &str) -> Self {
        Self::Text { name: name.to_owned(), value: value.to_owned() }
    }

    pub fn kv(name: &str, service: &str) -> Self {
        Self::Kv { name: name.to_owned(), service: service.to_owned() }
    }
}

/// Where requests come in.
pub struct Socket {
    pub name: String,
    /// None is named where the caller hands the socket over.
    pub address: Option<String>,
    pub service: String,
    pub entrypoint: Option<String>,
}

impl Display for Config {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str("using Workerd = import \"/workerd/workerd.capnp\";\n\nconst config :Workerd.Config = (\n")?;
        f.write_str("  services = [\n")?;
        for service in &self.services {
            writeln!(f, "    (name = {}, {}),", quoted(&service.name), service.kind)?;
        }
        f.write_str("  ],\n  sockets = [\n")?;
        for socket in &self.sockets {
            writeln!(f, "    {socket},")?;
        }
        f.write_str("  ],\n);\n")
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::Worker(worker) => write!(f, "worker = ({worker})"),
            Self::Disk { path, writable } => {
                write!(f, "disk = (path = {}, writable = {writable})", quoted(&path.to_string_lossy()))
            }
            Self::Network => {
                f.write_str("network = (allow = [\"public\", \"private\"], tlsOptions = (trustBrowserCas = true))")
            }
        }
    }
}

impl Display for Worker {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        writeln!(f, "\n      compatibilityDate = {},", quoted(COMPATIBILITY_DATE))?;
        list(f, "modules", &self.modules)?;
        list(f, "bindings", &self.bindings)?;
        list(f, "durableObjectNamespaces", &self.classes)?;
        if let Some(storage) = &self.storage {
            writeln!(f, "      durableObjectStorage = (localDisk = {}),", quoted(storage))?;
        }
        if let Some(outbound) = &self.outbound {
            writeln!(f, "      globalOutbound = {},", quoted(outbound))?;
        }
        f.write_str("    ")
    }
}

fn list(f: &mut Formatter, name: &str, items: &[impl Display]) -> fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(f, "      {name} = [")?;
    for item in items {
        writeln!(f, "        {item},")?;
    }
    writeln!(f, "      ],")
}

impl Display for Module {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let kind = if self.path.ends_with(".wasm") { "wasm" } else { "esModule" };
        write!(f, "(name = {}, {kind} = embed {})", quoted(&self.name), quoted(&self.path))
    }
}

impl Display for Class {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        write!(f, "(className = {}, uniqueKey = {}, enableSql = true)", quoted(&self.name), quoted(&self.key))
    }
}

impl Display for Binding {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::Text { name, value } => write!(f, "(name = {}, text = {})", quoted(name), quoted(value)),
            Self::FromEnvironment { name } => write!(f, "(name = {0}, fromEnvironment = {0})", quoted(name)),
            Self::Json { name, value } => {
                write!(f, "(name = {}, json = {})", quoted(name), quoted(&value.to_string()))
            }
            Self::Kv { name, service } => write!(f, "(name = {}, kvNamespace = {})", quoted(name), quoted(service)),
            Self::Objects { name, class, service } => {
                write!(f, "(name = {}, durableObjectNamespace = (className = {}", quoted(name), quoted(class))?;
                if let Some(service) = service {
                    write!(f, ", serviceName = {}", quoted(service))?;
                }
                f.write_str("))")
            }
            Self::Service { name, service, entrypoint, props } => {
                write!(f, "(name = {}, service = (name = {}", quoted(name), quoted(service))?;
                if let Some(entrypoint) = entrypoint {
                    write!(f, ", entrypoint = {}", quoted(entrypoint))?;
                }
                if let Some(props) = props {
                    write!(f, ", props = (json = {})", quoted(&props.to_string()))?;
                }
                f.write_str("))")
            }
        }
    }
}

impl Display for Socket {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        write!(f, "(name = {}", quoted(&self.name))?;
        if let Some(address) = &self.address {
            write!(f, ", address = {}", quoted(address))?;
        }
        write!(f, ", http = (), service = (name = {}", quoted(&self.service))?;
        if let Some(entrypoint) = &self.entrypoint {
            write!(f, ", entrypoint = {}", quoted(entrypoint))?;
        }
        f.write_str("))")
    }
}

/// A text as the language has it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            '\n' => quoted.push_str("\\n"),
            char if char.is_control() => {
                let _ = write!(quoted, "\\x{:02x}", char as u32 & 0xff);
            }
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_text_ends_where_it_ends() {
        assert_eq!(quoted("a \"b\" \\ c\nd\t"), "\"a \\\"b\\\" \\\\ c\\nd\\x09\"");
    }
}
