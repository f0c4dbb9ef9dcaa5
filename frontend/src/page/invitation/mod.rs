//! The page that an invitation link opens.

mod answer;
mod text;

use crate::api::use_client;
use crate::layout::{Heading, Page, here, leading_back};
use crate::state::{Load, Remote, SessionState, use_session};
use crate::ui::FormSkeleton;
use crate::widget::Loaded;
use answer::Answer;
use gatehouse_shared::api::ReceivedInvitation;
use gatehouse_shared::model::DeveloperAccountId;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

#[component]
pub fn InvitationPage(id: DeveloperAccountId) -> impl IntoView {
    let session = use_session();
    // By account, so that the page stays while only the state of the account changes.
    let stage = Memo::new(move |_| match session.state() {
        SessionState::Unknown => (0_u8, None),
        SessionState::SignedOut => (1, None),
        SessionState::SignedIn(account) | SessionState::Ended(account) => (2, Some(account.id)),
    });
    move || match stage.get().0 {
        0 => view! { <div class="page page-narrow" aria-busy="true"><FormSkeleton/></div> }.into_any(),
        1 => view! { <SignedOut/> }.into_any(),
        _ => view! { <SignedIn id/> }.into_any(),
    }
}

/// An invitation is shown only to whoever it is for, so the user has to sign in first.
#[component]
fn SignedOut() -> impl IntoView {
    let here = here(&use_location());
    view! {
        <Page name="invitation-signed-out" title=text::SIGNED_OUT narrow=true>
            <Heading title=text::SIGNED_OUT lead=Signal::stored(text::SIGNED_OUT_LEAD.to_owned())/>
            <p class="button-row">
                <a class="button button-primary" href=leading_back("/sign-up", &here) data-testid="to-sign-up">{text::SIGN_UP}</a>
                <a class="button" href=leading_back("/sign-in", &here) data-testid="to-sign-in">{text::SIGN_IN}</a>
            </p>
        </Page>
    }
}

#[component]
fn SignedIn(id: DeveloperAccountId) -> impl IntoView {
    let (client, session) = (use_client(), use_session());
    let path = use_location().pathname;
    let code = StoredValue::new(path.with_untracked(|path| code_of(path).to_owned()));
    let remote = Remote::new(move || async move { client.find_invitation(id, &code.get_value()).await });
    let member_of = Memo::new(move |_| session.membership(id).map(|known| known.name));
    let stage = Memo::new(move |_| match (member_of.get(), remote.is_missing()) {
        (Some(name), _) => Stage::Member(name),
        (None, true) => Stage::Over,
        (None, false) => Stage::Open,
    });
    move || match stage.get() {
        Stage::Member(name) => view! { <Closed title=text::already(&name) lead=None/> }.into_any(),
        Stage::Over => view! { <Closed title=text::OVER.to_owned() lead=Some(text::OVER_LEAD)/> }.into_any(),
        Stage::Open => view! { <Open id code=code.get_value() remote/> }.into_any(),
    }
}

#[derive(Clone, PartialEq)]
enum Stage {
    /// Of the developer account with this name.
    Member(String),
    Over,
    Open,
}

/// There is nothing to answer.
#[component]
fn Closed(title: String, lead: Option<&'static str>) -> impl IntoView {
    view! {
        <Page name="invitation-closed" title=title.clone() narrow=true>
            <Heading title=title lead=Signal::stored(lead.unwrap_or_default().to_owned())/>
            <p><a class="button button-primary" href="/dashboard">{text::TO_DASHBOARD}</a></p>
        </Page>
    }
}

#[component]
fn Open(id: DeveloperAccountId, code: String, remote: Remote<ReceivedInvitation>) -> impl IntoView {
    let heading = Signal::derive(move || remote.get().map(|known| text::title(&known.name)).unwrap_or_default());
    let title = Signal::derive(move || match heading.get() {
        heading if heading.is_empty() => text::TITLE.to_owned(),
        heading => heading,
    });
    // Where loading failed, the heading has no name to wait for.
    let shown = Signal::derive(move || match remote.state.with(|load| matches!(load, Load::Failed(_))) {
        true => text::TITLE.to_owned(),
        false => heading.get(),
    });
    let ready = Signal::derive(move || remote.is_settled());
    view! {
        <Page name="invitation" title ready narrow=true>
            <Heading title=shown/>
            <Loaded remote skeleton=|| view! { <FormSkeleton/> }.into_any() children=Box::new(move |invitation| {
                view! { <Answer id code=code.clone() invitation/> }.into_any()
            })/>
        </Page>
    }
}

/// The code of an invitation: the last segment of its address.
fn code_of(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::code_of;

    #[test]
    fn the_code_is_the_last_segment_of_the_address() {
        assert_eq!(code_of("/invitations/7/aB3"), "aB3");
        assert_eq!(code_of("/invitations/7/aB3/"), "aB3");
    }
}
