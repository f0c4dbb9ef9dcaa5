//! What is served before anybody signs in.

use std::env;

#[test]
fn the_portal_is_served_with_its_hashed_assets() {
    let url = env::var("GATEHOUSE_URL").expect("run by `cargo xtask test`");
    let page = ureq::get(format!("{url}/index.html"))
        .call()
        .and_then(|mut answer| answer.body_mut().read_to_string())
        .expect("the portal's page");
    let script = page
        .split("src=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a script");
    let answer = ureq::get(format!("{url}{script}")).call().expect("the script");
    assert_eq!(answer.status(), 200);
}
