//! A deployment on one machine behind a proxy that ends TLS, with the files that the docs show.

use gatehouse_tests::{Server, TlsProxy, Upstream, answer_with, free_port, header_in, node, run};
use serde_json::{Value, json};

#[test]
fn behind_nginx_and_caddy_people_sign_in_signatures_pass_and_nobody_chooses_an_address() {
    let nginx: fn(u16, &str) -> TlsProxy = TlsProxy::nginx;
    for (name, proxy) in [("nginx", nginx), ("caddy", TlsProxy::caddy)] {
        let upstream = Upstream::start(|_, stream| answer_with(stream, 200, "", "{}"));
        let (data, port) = (tempfile::tempdir().unwrap(), free_port());
        let origin = format!("https://localhost:{port}");
        let settings = [("UPSTREAM_URL", upstream.url()), ("ORIGINS", &origin), ("TRUSTED_PROXIES", "127.0.0.1")];
        let server = Server::start_with(data.path(), &settings);
        let proxy = proxy(port, server.url().trim_start_matches("http://"));
        let said = run(node("behind_tls.mjs").arg(&origin).arg(proxy.certificate()));
        let said: Value = serde_json::from_str(&said).expect("JSON alone");
        assert_eq!(said, json!({ "oauth1": 200, "bearer": 200 }), "{name}");

        let head = upstream.heads("/1.1/notes.json").pop().expect("the request");
        for (header, expected) in [
            ("x-forwarded-for", Some("127.0.0.2")),
            ("x-forwarded-proto", Some("https")),
            ("x-forwarded-host", origin.strip_prefix("https://")),
            ("cf-connecting-ip", None),
        ] {
            assert_eq!(header_in(&head, header), expected, "{name}: {header}: {head}");
        }
        assert_eq!(upstream.heads("/1.1/any%2Dthing.json").len(), 1, "{name} passes the path on as it was sent");
    }
}
