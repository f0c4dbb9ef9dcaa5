//! Two branches up on this machine at once share nothing.

use gatehouse_shared::api::Route;
use gatehouse_tests::{
    Client, PASSWORD, Previews, Up, application, eventually, first_project, sign_up_request, unique,
};
use serde_json::json;

/// Makes an approved account with an App; gives the App's id and Bearer Token.
fn make_app(at: &Up, username: &str) -> (String, String) {
    let owner = at.client();
    owner.post(Route::SignUp, &[], sign_up_request(username)).expect(200);
    owner.post(Route::SubmitApplication, &[], application()).expect(200);
    at.operator().decide(&owner.account_id(), "approve", "").expect(200);
    let created = owner.post(Route::CreateProject, &[], first_project(&unique("App"), "read")).expect(200);
    let text = |path: &str| created.pointer(path).and_then(|value| value.as_str()).expect(path).to_owned();
    (text("/app/id"), text("/credentials/bearer_token"))
}

fn status(client: &Client, token: &str) -> u16 {
    client.gate("GET", "/2/notes", token).status
}

#[test]
fn an_app_of_one_branch_does_not_exist_in_another_and_down_leaves_nothing() {
    let branches = ["feature/one", "two"];
    let previews = Previews::of_branches(&branches);
    let [one, two] = branches.map(|branch| previews.up(branch));
    assert_ne!(one.url, two.url);
    assert_ne!(one.operator_password, two.operator_password);

    // The same username in both, so that only the deployment tells the two apart.
    let username = unique("preview");
    let (id, token) = make_app(&one, &username);
    eventually("the App passes where it is", || match status(&one.client(), &token) {
        200 => Ok(()),
        other => Err(format!("the gate answers {other}")),
    });
    assert_eq!(status(&two.client(), &token), 401, "the other branch takes the credential");
    let sign_in = json!({ "login": username, "password": PASSWORD });
    assert_eq!(two.client().post(Route::SignIn, &[], sign_in).status, 401, "the account is there too");
    let (other_id, other_token) = make_app(&two, &username);
    let owner = two.client();
    owner.post(Route::SignIn, &[], json!({ "login": username, "password": PASSWORD })).expect(200);
    assert_eq!(owner.get(Route::FindApp, &[("app_id", &id)]).status, 404);
    owner.get(Route::FindApp, &[("app_id", &other_id)]).expect(200);
    assert_eq!(status(&one.client(), &other_token), 401);

    let list = previews.list();
    assert!(list.contains(&one.url) && list.contains(&two.url) && list.contains("(feature/one)"), "{list}");
    // Put up anew, a branch has its address and its data still.
    let again = previews.up("two");
    assert_eq!((&again.url, &again.operator_password), (&two.url, &two.operator_password));
    assert_eq!(status(&again.client(), &other_token), 200);

    branches.iter().for_each(|branch| previews.down(branch));
    assert_eq!(previews.processes(), [""; 0]);
    assert!(!previews.folder().exists(), "{} is still there", previews.folder().display());
    assert_eq!(previews.trees(), 0);
    // Nothing to do is no failure.
    previews.down("two");
}
