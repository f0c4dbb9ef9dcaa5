//! What a proxy is told at `/gate/check`, and by whom a signature is got there.

use crate::support::{Deployed, ORIGIN, TestDeployment};
use futures::executor::block_on;
use gatehouse_domain::gate::{Answer, Verdict};
use gatehouse_domain::request::RequestHead;
use gatehouse_edge::check::{Form, OF_A_QUESTION, original_request_headers};

const SECRET: &str = "a secret of thirty-two characters";

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// The answer to a proxy's question, whose other headers are these lines.
async fn ask(isolate: &Deployed, token: &str, lines: &str) -> Answer {
    let lines = format!("x-forwarded-method: GET\nx-forwarded-uri: /1.1/free.json\n{lines}");
    let outer = match isolate.read_original_request("GET", &format!("{ORIGIN}/gate/check"), &lines) {
        Ok(outer) => outer,
        Err(answer) => return answer,
    };
    let authorization = format!("Bearer {token}");
    let head = RequestHead { method: &outer.method, url: &outer.url, authorization: Some(&authorization) };
    match isolate.check(outer.asker, &head, &Form::None).await {
        Some(Verdict::Answer(answer)) => answer,
        Some(Verdict::Refuse(refused)) => refused.answer,
        step => panic!("{step:?}"),
    }
}

#[test]
fn a_signature_is_given_only_to_a_proxy_that_proves_itself_or_where_a_setting_says_so() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let (_, created) = stage.developer("alice").await.create_app("Weather").await;
        let token = created["credentials"]["bearer_token"].as_str().unwrap();
        let key = "5a".repeat(32);
        let proof = format!("x-gatehouse-check: {SECRET}\n");
        let key = ("UPSTREAM_KEY", key.as_str());
        let (secret, always) = (("GATE_CHECK_SECRET", SECRET), ("GATE_CHECK_SIGNATURE", "always"));
        for (variables, lines, is_signed) in [
            (&[key][..], "", false),
            (&[key], proof.as_str(), false),
            (&[key, secret], "", false),
            (&[key, secret], &proof, true),
            (&[key, always], "", true),
            (&[key, secret, always], "", true),
            (&[secret], &proof, false),
        ] {
            let answer = ask(&TestDeployment::isolate(&stage.world, variables), token, lines).await;
            // Who calls is told in any case: an API that only the proxy can reach may rely on that.
            assert_eq!(answer.status, 200, "{variables:?} {lines}: {}", answer.body);
            assert!(header(&answer, "x-gatehouse-app").is_some(), "{variables:?} {lines}");
            assert_eq!(header(&answer, "signature").is_some(), is_signed, "{variables:?} {lines}");
            assert_eq!(header(&answer, "signature-input").is_some(), is_signed, "{variables:?} {lines}");
        }
        let isolate = TestDeployment::isolate(&stage.world, &[key, secret, always]);
        for wrong in ["x", "", &SECRET[1..], &format!("{SECRET}x")] {
            let answer = ask(&isolate, token, &format!("x-gatehouse-check: {wrong}\n")).await;
            assert_eq!(answer.status, 403, "{wrong}");
            assert!(answer.body.contains("GATE_CHECK_SECRET") && !answer.body.contains(SECRET), "{}", answer.body);
            assert_eq!(header(&answer, "x-gatehouse-app"), None);
        }
    });
}

#[test]
fn the_proof_is_read_only_where_there_is_a_secret_to_compare_it_with() {
    let stage = TestDeployment::new(2);
    let names = |variables: &[(&str, &str)]| {
        original_request_headers(&TestDeployment::isolate(&stage.world, variables).settings)
    };
    assert!(!names(&[]).contains(&"x-gatehouse-check"));
    assert!(names(&[("GATE_CHECK_SECRET", SECRET)]).contains(&"x-gatehouse-check"));
    // Elsewhere it tells that a question was sent astray, whatever is set.
    assert!(OF_A_QUESTION.contains(&"x-gatehouse-check"));
}

#[test]
fn a_question_that_was_sent_astray_is_refused_in_the_versions_form() {
    let stage = TestDeployment::new(3);
    for (path, kind) in [
        ("/1.1/free.json", "application/json;charset=utf-8"),
        ("/2/x", "application/problem+json"),
        ("/", "application/problem+json"),
    ] {
        let answer = stage.isolate.astray(&format!("{ORIGIN}{path}"));
        assert_eq!((answer.status, header(&answer, "content-type")), (404, Some(kind)), "{path}");
        assert!(header(&answer, "x-gatehouse-request-id").is_some());
    }
}
