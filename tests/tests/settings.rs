//! A deployment whose settings can't be used.

use gatehouse_tests::{Client, Server};

#[test]
fn a_bad_setting_stops_everything_and_is_told_to_the_operator_alone() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start_with(data.path(), &[("MEMORY_SECONDS", "a while")]);
    let client = Client::at(server.url().to_owned());
    for path in ["/healthz", "/2/notes", "/api/description", "/", "/gate/check"] {
        let reply = client.send("GET", path, &[], b"");
        assert_eq!(reply.status, 500, "{path}: {}", reply.text);
        assert_eq!(reply.json["code"], "bad-configuration", "{path}: {}", reply.text);
        assert!(!reply.text.contains("MEMORY_SECONDS") && !reply.text.contains("a while"), "{path}: {}", reply.text);
        assert!(reply.header("x-gatehouse-request-id").is_some(), "{path}");
    }
}
