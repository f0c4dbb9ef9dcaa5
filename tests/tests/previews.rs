//! Two branches up on this machine at once share nothing.

use gatehouse_shared::api::Route;
use gatehouse_tests::{Client, PASSWORD, Previews, TestApp, Up, application, eventually, sign_up_request, unique};
use serde_json::json;
use std::net::TcpStream;

/// Makes an approved account with an App.
fn make_app(at: &Up, username: &str) -> TestApp {
    let owner = at.client();
    owner.post(Route::SignUp, &[], sign_up_request(username)).expect(200);
    owner.post(Route::SubmitApplication, &[], application()).expect(200);
    at.operator().decide(&owner.own_developer_account(), "approve", "").expect(200);
    owner.create_project("read")
}

fn status(client: &Client, app: &TestApp) -> u16 {
    client.gate("GET", "/2/notes", &app.bearer_token).status
}

#[test]
fn an_app_of_one_branch_does_not_exist_in_another_and_down_leaves_nothing() {
    let branches = ["feature/one", "two"];
    let previews = Previews::of_branches(&branches);
    let [one, two] = branches.map(|branch| previews.up(branch));
    assert_ne!(one.url, two.url);
    assert_ne!(one.operator_password, two.operator_password);

    // The same username in both, so that only the deployment tells the two apart.
    let username = unique("dev");
    let app = make_app(&one, &username);
    eventually("the App passes where it is", || match status(&one.client(), &app) {
        200 => Ok(()),
        other => Err(format!("the gate answers {other}")),
    });
    assert_eq!(status(&two.client(), &app), 401, "the other branch takes the credential");
    let sign_in = json!({ "login": username, "password": PASSWORD });
    assert_eq!(two.client().post(Route::SignIn, &[], sign_in).status, 401, "the account is there too");
    let other = make_app(&two, &username);
    let owner = two.client();
    owner.post(Route::SignIn, &[], json!({ "login": username, "password": PASSWORD })).expect(200);
    assert_eq!(owner.get(Route::FindApp, &[("app_id", &app.id)]).status, 404);
    owner.get(Route::FindApp, &[("app_id", &other.id)]).expect(200);
    assert_eq!(status(&one.client(), &other), 401);

    assert_eq!(previews.temporary_files(), [""; 0], "they lie with the data, and go with them");
    let list = previews.list();
    assert!(list.contains(&one.url) && list.contains(&two.url) && list.contains("(feature/one)"), "{list}");
    // Put up anew, a branch has its address and its data still.
    let again = previews.up("two");
    assert_eq!((&again.url, &again.operator_password), (&two.url, &two.operator_password));
    assert_eq!(status(&again.client(), &other), 200);

    branches.iter().for_each(|branch| previews.down(branch));
    assert_eq!(previews.processes(), [""; 0]);
    for url in [&one.url, &two.url] {
        assert!(TcpStream::connect(url.trim_start_matches("http://")).is_err(), "{url} still answers");
    }
    assert!(!previews.folder().exists(), "{} is still there", previews.folder().display());
    assert_eq!(previews.trees(), 0);
    assert_eq!(previews.temporary_files(), [""; 0]);
    // Nothing to do is no failure.
    previews.down("two");
}
