//! What a browser is told of the system and the person before it.

use super::Browser;
use serde_json::json;

impl Browser {
    /// Has the system draw its own few colors, as a contrast theme of Windows does.
    #[track_caller]
    pub fn emulate_forced_colors(&self) {
        let features = json!([{ "name": "forced-colors", "value": "active" }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Has the person prefer a language, such as `en-US`.
    #[track_caller]
    pub fn emulate_language(&self, language: &str) {
        let agent = self.run("return navigator.userAgent", json!([]));
        let params = json!({ "userAgent": agent, "acceptLanguage": language });
        self.devtools("Network.setUserAgentOverride", params);
    }

    /// Makes the network as slow as that of a phone on the way, so that what is loaded comes one by one.
    #[track_caller]
    pub fn emulate_slow_network(&self) {
        self.devtools("Network.enable", json!({}));
        let conditions =
            json!({ "offline": false, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000 });
        self.devtools("Network.emulateNetworkConditions", conditions);
    }

    /// How much of the page has jumped since it was opened (Cumulative Layout Shift), and what did.
    #[track_caller]
    pub fn layout_shift(&self) -> (f64, String) {
        let script = "const done = arguments[0]; \
            new PerformanceObserver((list, observer) => { \
                observer.disconnect(); \
                const shifts = list.getEntries().filter((shift) => !shift.hadRecentInput); \
                const name = ({ node, previousRect: from, currentRect: to }) => \
                    `${node?.className || node?.nodeName}: ${from.x},${from.y} ${from.width}x${from.height} to ${to.x},${to.y} ${to.width}x${to.height}`; \
                done([shifts.reduce((sum, shift) => sum + shift.value, 0), \
                    shifts.map((shift) => `${shift.value.toFixed(4)} ${shift.sources.map(name).join('; ')}`).join('\\n')]); \
            }).observe({ type: 'layout-shift', buffered: true }); \
            setTimeout(() => done([0, '']), 500)";
        let found = self.run_async(script, json!([]));
        (found[0].as_f64().unwrap_or(f64::NAN), found[1].as_str().unwrap_or_default().to_owned())
    }
}
