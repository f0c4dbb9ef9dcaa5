//! Placeholder that proves the pipeline and the interface to `functions/entry.js`.
use worker::{
    DurableObject, Env, Error, Request, Response, Result, State, durable_object, wasm_bindgen,
    wasm_bindgen::prelude::*,
};

#[wasm_bindgen]
pub fn start(_env: Env) -> std::result::Result<(), String> {
    Ok(())
}

#[wasm_bindgen]
pub fn gate(method: &str, url: &str, authorization: Option<String>) -> String {
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    if path.starts_with("2/async") {
        return "M".into();
    }
    if cfg!(feature = "deliberate-panic") && path == "2/panic" {
        panic!("deliberate");
    }
    if path.starts_with("2/") || path.starts_with("1.1/") {
        return match authorization {
            Some(_) => format!("Fx-access-level: read\nx-gatehouse-app-id: 1\nx-gatehouse-request-id: {method}\n"),
            None => r#"R{"status":401,"headers":[["content-type","application/problem+json"]],"body":"{\"title\":\"Unauthorized\"}"}"#.into(),
        };
    }
    "P".into()
}

#[wasm_bindgen]
pub async fn gate_async(_request: web_sys::Request, _env: Env) -> String {
    "Fx-access-level: read\nx-gatehouse-app-id: 2\n".into()
}

#[wasm_bindgen]
pub async fn portal(
    request: web_sys::Request,
    env: Env,
    _ctx: JsValue,
) -> std::result::Result<web_sys::Response, JsValue> {
    Ok(answer(request.into(), env).await?.into())
}

async fn answer(request: Request, env: Env) -> Result<Response> {
    let path = request.path();
    if cfg!(feature = "deliberate-panic") {
        match path.as_str() {
            "/api/panic" => panic!("deliberate"),
            "/api/slow" => {
                worker::Delay::from(std::time::Duration::from_secs(2)).await;
                return Response::ok("slow");
            }
            _ => {}
        }
    }
    if let Some(rest) = path.strip_prefix("/api/object") {
        let stub = env.durable_object("LEDGER")?.get_by_name("one")?;
        return stub.fetch_with_str(&format!("http://ledger{rest}")).await;
    }
    if path == "/api/kv" {
        let kv = env.kv("GATEHOUSE_KV")?;
        let n = kv.get("n").text().await?.unwrap_or_default().len();
        kv.put("n", "x".repeat(n + 1))?.execute().await?;
        return Response::ok(format!(
            "{n} {}",
            env.secret("OPERATOR_PASSWORD")?.to_string().len()
        ));
    }
    env.assets("ASSETS")?
        .fetch(request.url()?.to_string(), None)
        .await
        .map_err(Error::from)
}

macro_rules! object {
    ($name:ident) => {
        #[durable_object]
        pub struct $name {
            _state: State,
            _env: Env,
        }

        impl DurableObject for $name {
            fn new(state: State, env: Env) -> Self {
                Self {
                    _state: state,
                    _env: env,
                }
            }

            async fn fetch(&self, request: Request) -> Result<Response> {
                if cfg!(feature = "deliberate-panic") && request.path() == "/panic" {
                    panic!("deliberate, in a Durable Object");
                }
                Response::ok(stringify!($name))
            }

            async fn alarm(&self) -> Result<Response> {
                Response::ok("")
            }
        }
    };
}
object!(Ledger);
object!(Directory);
object!(Office);
