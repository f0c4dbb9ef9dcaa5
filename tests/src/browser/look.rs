//! How a page looks: in both themes, wide and narrow, to people and to axe.

use super::Browser;
use crate::TestDeployment;
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};
use std::{fs, path::Path};

pub const WIDE: u32 = 1280;
pub const NARROW: u32 = 375;
/// The narrowest that must do without scrolling sideways (WCAG 2.2 §1.4.10).
pub const NARROWEST: u32 = 320;

impl Browser {
    /// Looks at the page in both themes and widths: axe finds nothing, nothing sticks out, the console is quiet. Keeps
    /// a picture of each as `<name>-<theme>-<width>.png`, and one in forced colors.
    #[track_caller]
    pub fn look_at(&self, name: &str) {
        let mut found = Vec::new();
        for width in [WIDE, NARROW] {
            self.resize(width);
            for theme in ["light", "dark"] {
                self.emulate_theme(theme);
                self.take_picture(&format!("{name}-{theme}-{width}"));
                found.extend(self.axe().into_iter().map(|violation| format!("{theme}, {width} px: {violation}")));
            }
        }
        self.resize(WIDE);
        self.emulate_forced_colors();
        self.take_picture(&format!("{name}-forced-{WIDE}"));
        self.resize(NARROWEST);
        self.emulate_theme("light");
        found.extend(self.overflow().into_iter().map(|element| format!("{NARROWEST} px: {element} sticks out")));
        self.resize(WIDE);
        self.emulate_theme("light");
        assert!(found.is_empty(), "{name} at {}:\n{}", self.path(), found.join("\n"));
        self.expect_quiet_console();
    }

    /// Makes the page as wide as that.
    #[track_caller]
    pub fn resize(&self, width: u32) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size);
        // As on a phone: over the page instead of beside it.
        self.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true }));
    }

    /// Has the system prefer a theme; and no motion, so that colors are there at once.
    #[track_caller]
    pub fn emulate_theme(&self, theme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": theme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features }));
        // Until what was already moving has come to rest, and the new colors are painted.
        let script = "const done = arguments[0]; \
            const moving = document.getAnimations() \
                .filter((animation) => Number.isFinite(animation.effect.getComputedTiming().endTime)); \
            Promise.allSettled(moving.map((animation) => animation.finished)) \
                .then(() => requestAnimationFrame(() => requestAnimationFrame(() => done())))";
        self.run_async(script, json!([]));
    }

    /// What axe finds wrong, a line each.
    #[track_caller]
    pub fn axe(&self) -> Vec<String> {
        if self.run("return typeof window.axe", json!([])) != json!("object") {
            let file = TestDeployment::axe();
            let script = fs::read_to_string(&file).unwrap_or_else(|error| panic!("GATEHOUSE_AXE: {file}: {error}"));
            self.run(&script, json!([]));
        }
        let script = "const done = arguments[arguments.length - 1]; \
            axe.run(document, { resultTypes: ['violations'] }).then( \
                (results) => done(results.violations.map(({ id, help, nodes }) => ({ id, help, \
                    nodes: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`) }))), \
                (error) => done([{ id: 'axe', help: String(error), nodes: [] }]))";
        let violations = self.run_async(script, json!([]));
        let lines = violations.as_array().expect("axe's result").iter().map(|violation| {
            let nodes = violation["nodes"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let nodes: Vec<String> = nodes.map(|node| format!("\n    {}", node.replace('\n', " "))).collect();
            let text = |key: &str| violation[key].as_str().unwrap_or_default().to_owned();
            format!("{} ({}){}", text("id"), text("help"), nodes.concat())
        });
        lines.collect()
    }

    /// The elements that make the page scroll sideways.
    #[track_caller]
    pub fn overflow(&self) -> Vec<String> {
        let script = "const root = document.documentElement, wide = root.clientWidth; \
            if (root.scrollWidth <= wide) return []; \
            const found = [...document.querySelectorAll('body *')] \
                .filter((element) => element.getBoundingClientRect().right > wide + 0.5) \
                .map((element) => `<${element.tagName.toLowerCase()} class='${element.className}'>`).slice(0, 8); \
            return [`content ${root.scrollWidth} px wide`, ...found]";
        let found = self.run(script, json!([]));
        found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Keeps a picture of the whole page.
    #[track_caller]
    pub fn take_picture(&self, name: &str) {
        // The header stays in view: pictured from elsewhere it would lie across the page.
        self.run("window.scrollTo(0, 0)", json!([]));
        let folder = TestDeployment::screenshots();
        fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("GATEHOUSE_SCREENSHOTS: {folder}: {error}"));
        let params = json!({ "format": "png", "captureBeyondViewport": true });
        let picture = self.devtools("Page.captureScreenshot", params);
        let bytes = Base64::decode_vec(picture["data"].as_str().unwrap_or_default()).expect("a picture");
        let file = Path::new(&folder).join(format!("{name}.png"));
        fs::write(&file, bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}
