//! What a browser is told of the system and the person before it.

use super::Browser;
use crate::eventually;
use serde_json::{Value, json};

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

    /// Has the page's requests of a method wait until [`Browser::let_go`], as on a slow network.
    #[track_caller]
    pub fn hold(&self, method: &str) {
        let script = "const method = arguments[0], send = window.fetch.bind(window); \
            window.held = []; \
            window.fetch = (request, ...more) => request.method === method \
                ? new Promise((go) => window.held.push(go)).then(() => send(request, ...more)) : send(request, ...more)";
        self.run(script, json!([method]));
    }

    /// Waits until a request is held, and sends it.
    #[track_caller]
    pub fn let_go(&self) {
        let script = "return window.held.splice(0).map((go) => go()).length";
        eventually("a request that waits", || match self.run(script, json!([])).as_u64() {
            Some(0) | None => Err("none was sent".to_owned()),
            Some(_) => Ok(()),
        });
    }

    /// Has the answers to the requests of these paths wait until [`Browser::release`], from the next page on.
    #[track_caller]
    pub fn hold_answers(&self, paths: &[&str]) {
        let script = format!(
            "const paths = {}, send = window.fetch.bind(window); \
             window.answers = new Map(); \
             window.fetch = async (request, ...more) => {{ \
                 const answer = await send(request, ...more); \
                 const path = new URL(request.url ?? request, location.href).pathname; \
                 if (paths.includes(path)) await new Promise((go) => window.answers.set(path, go)); \
                 return answer; \
             }}",
            json!(paths)
        );
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }));
    }

    /// Waits until the answer to a request of this path is held, and lets the page have it.
    #[track_caller]
    pub fn release(&self, path: &str) {
        let script = "const go = window.answers.get(arguments[0]); go?.(); return go !== undefined";
        eventually(&format!("an answer of {path}"), || match self.run(script, json!([path])) {
            Value::Bool(true) => Ok(()),
            _ => Err("none has come".to_owned()),
        });
    }

    /// Has the page's next request to read this path fail, as without a network.
    #[track_caller]
    pub fn fail_once(&self, path: &str) {
        let script = "const path = arguments[0], send = window.fetch.bind(window); \
            window.failed = 0; \
            window.fetch = (request, ...more) => { \
                const fails = request.method === 'GET' && request.url === location.origin + path && window.failed === 0; \
                if (!fails) return send(request, ...more); \
                window.failed = 1; \
                return Promise.reject(new TypeError('offline')); \
            }";
        self.run(script, json!([path]));
    }

    /// Waits until the request has failed.
    #[track_caller]
    pub fn expect_failed(&self) {
        eventually("a request that fails", || match self.run("return window.failed", json!([])).as_u64() {
            Some(1) => Ok(()),
            _ => Err("none was sent".to_owned()),
        });
    }

    /// Gives the portal another deployment's rules for what people type, from the next page on.
    #[track_caller]
    pub fn emulate_rules(&self, rules: &Value) {
        let script = format!(
            "const send = window.fetch.bind(window); \
             window.fetch = async (request, ...more) => {{ \
                 const answer = await send(request, ...more); \
                 if (!`${{request.url ?? request}}`.endsWith('/api/description')) return answer; \
                 const description = await answer.json(); \
                 Object.assign(description.rules, {rules}); \
                 return new Response(JSON.stringify(description), {{ headers: answer.headers }}); \
             }}"
        );
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }));
    }

    /// Does what another tab does that signed somebody in or out.
    #[track_caller]
    pub fn announce_other_session(&self) {
        self.run("new BroadcastChannel('gatehouse-session').postMessage(null)", json!([]));
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
