//! What `/readyz` says of a deployment whose storage or master keys fail.

use crate::support::{Reply, TestDeployment};
use futures::executor::block_on;
use futures::future::join_all;
use gatehouse_domain::metrics::ObjectClass;
use gatehouse_domain::ports::ObjectName;
use gatehouse_edge::http::Body;
use gatehouse_simulation::{Fault, Port};

const CHECKS: [&str; 4] = ["settings", "master-keys", "object", "kv"];

async fn ready(stage: &TestDeployment) -> Reply {
    stage.client().raw("GET", "/readyz", &[], Body::Read(Vec::new())).await
}

/// The checks that failed.
async fn failed(stage: &TestDeployment) -> Vec<String> {
    let reply = ready(stage).await;
    let checks = reply.json["checks"].as_array().expect("a list").clone();
    let names: Vec<&str> = checks.iter().map(|check| check["name"].as_str().unwrap()).collect();
    assert_eq!(names, CHECKS, "{}", reply.text);
    let failed = checks.iter().filter(|check| check["status"] != "ok");
    let failed: Vec<String> = failed.map(|check| check["name"].as_str().unwrap().to_owned()).collect();
    for check in &checks {
        let has_detail = !check["detail"].as_str().unwrap().is_empty();
        assert_eq!(has_detail, check["status"] == "failed", "{}", reply.text);
    }
    let (status, word) = if failed.is_empty() { (200, "ok") } else { (503, "failed") };
    assert_eq!((reply.status, reply.json["status"].as_str()), (status, Some(word)), "{}", reply.text);
    failed
}

#[test]
fn a_deployment_whose_storage_writes_and_reads_is_ready() {
    block_on(async {
        let stage = TestDeployment::new(1);
        assert_eq!(failed(&stage).await, [""; 0]);
        assert_eq!(stage.world.kv.written("ready").len(), 1);
        let head = stage.client().raw("HEAD", "/readyz", &[], Body::Read(Vec::new())).await;
        assert_eq!(head.status, 200);
        let posted = stage.client().raw("POST", "/readyz", &[], Body::Read(Vec::new())).await;
        assert_eq!((posted.status, posted.header("allow")), (405, Some("GET, HEAD")));
    });
}

#[test]
fn kv_that_fails_makes_it_unready_until_a_test_passes() {
    block_on(async {
        let stage = TestDeployment::new(1);
        stage.world.kv_is_down.set(true);
        assert_eq!(failed(&stage).await, ["kv"]);
        let logged = stage.world.log.borrow().join("\n");
        assert!(logged.contains("check_readiness: kv get ready: down"), "{logged}");
        stage.world.kv_is_down.set(false);
        assert_eq!(failed(&stage).await, ["kv"], "a failed test is kept for five seconds");
        stage.world.advance_seconds(5);
        assert_eq!(failed(&stage).await, [""; 0]);
        // A passed one is kept for a minute.
        stage.world.kv_is_down.set(true);
        stage.world.advance_seconds(59);
        assert_eq!(failed(&stage).await, [""; 0]);
        stage.world.advance_seconds(1);
        assert_eq!(failed(&stage).await, ["kv"]);
    });
}

#[test]
fn kv_that_hangs_makes_it_unready() {
    block_on(async {
        let stage = TestDeployment::new(1);
        stage.world.inject(Fault::Hang { port: Port::KvRead, after_calls: 0 });
        assert_eq!(failed(&stage).await, ["kv"]);
        stage.world.advance_seconds(5);
        assert_eq!(failed(&stage).await, [""; 0]);
    });
}

#[test]
fn objects_that_fail_make_it_unready_until_they_answer() {
    block_on(async {
        let stage = TestDeployment::new(1);
        stage.world.class_down.set(Some(ObjectClass::AccountIndex));
        assert_eq!(failed(&stage).await, ["master-keys", "object"]);
        stage.world.class_down.set(None);
        stage.world.advance_seconds(5);
        assert_eq!(failed(&stage).await, [""; 0]);
        // The master keys are known by now.
        stage.world.class_down.set(Some(ObjectClass::AccountIndex));
        assert_eq!(failed(&stage).await, [""; 0], "a passed test is kept for five seconds");
        stage.world.advance_seconds(5);
        assert_eq!(failed(&stage).await, ["object"]);
    });
}

#[test]
fn wrong_master_keys_make_it_unready_and_the_answer_holds_no_secret() {
    block_on(async {
        let stage = TestDeployment::new(1);
        assert_eq!(failed(&stage).await, [""; 0]);
        let digits = "b7".repeat(32);
        let keys = format!("1:{digits}");
        let wrong = TestDeployment {
            world: stage.world.clone(),
            isolate: TestDeployment::isolate(&stage.world, &[("MASTER_KEYS", &keys)]),
        };
        // Another isolate has only just written the key, and a key takes one write a second.
        assert_eq!(failed(&wrong).await, ["master-keys"]);
        let reply = ready(&wrong).await;
        assert!(!reply.text.contains(&digits) && reply.text.contains("id 1"), "{}", reply.text);
        assert_eq!(failed(&stage).await, [""; 0]);
    });
}

#[test]
fn probes_at_once_share_one_test_and_storage_is_written_seldom() {
    block_on(async {
        let stage = TestDeployment::new(1);
        join_all((0..20).map(|_| failed(&stage))).await;
        assert_eq!(stage.world.kv.written("ready").len(), 1);
        let writes = || stage.world.query(&ObjectName::AccountIndex, "SELECT CAST(writes AS TEXT) FROM probe");
        assert_eq!(writes(), ["1"]);
        for _ in 0..120 {
            stage.world.advance_seconds(1);
            assert_eq!(failed(&stage).await, [""; 0]);
        }
        assert_eq!(stage.world.kv.written("ready").len(), 3);
        assert_eq!(writes(), ["25"]);
    });
}

#[test]
fn a_probe_whose_client_has_gone_holds_up_none() {
    block_on(async {
        let stage = TestDeployment::new(1);
        let mut gone = Box::pin(ready(&stage));
        assert!(futures::poll!(&mut gone).is_pending());
        drop(gone);
        stage.world.advance_seconds(30);
        assert_eq!(failed(&stage).await, [""; 0]);
    });
}
