//! The settings with which users sign in with an App.

use super::keys::ClientId;
use super::saving::Saving;
use super::text::sign_in as text;
use crate::api::use_client;
use crate::form::{ChangedMeanwhile, Checkbox, Choice, Form, RadioCards, on_or_off};
use crate::state::Remote;
use crate::ui::{Notice, Tone, count_text, number_text};
use crate::widget::Loaded;
use gatehouse_shared::api::{AppUsers, AppView, UpdateAppRequest};
use gatehouse_shared::model::{AppId, ClientType};
use leptos::prelude::*;

/// Means no client type. The API can set a client type but not remove it.
const NOT_USED: &str = "none";

/// The values of an App in the fields of the form, by field name.
fn shown(app: &AppView) -> Vec<(&'static str, String)> {
    vec![
        ("sign_in", on_or_off(app.settings.sign_in)),
        ("omit_iss", on_or_off(app.settings.omit_iss)),
        ("client_type", value_of(app.settings.client_type).to_owned()),
    ]
}

/// The sign-in settings: whether users may authorize the App, and its client type.
#[component]
pub fn SignInSettings(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> impl IntoView {
    let before = app.with_untracked(|app| app.settings.clone());
    let sign_in = RwSignal::new(before.sign_in);
    let client_type = RwSignal::new(value_of(before.client_type).to_owned());
    let omit_iss = RwSignal::new(before.omit_iss);
    let request = move || UpdateAppRequest {
        sign_in: Some(sign_in.get()),
        client_type: client_type_of(&client_type.get()),
        omit_iss: Some(omit_iss.get()),
        ..UpdateAppRequest::default()
    };
    let (state, send) = Saving { id, app, remote, shown, done: text::SAVED }.form(request);
    let is_set = Memo::new(move |_| app.with(|app| app.settings.client_type.is_some()));
    view! {
        <section class="card stack" aria-labelledby="sign-in-title">
            <h2 id="sign-in-title">{text::TITLE}</h2>
            <Users id/>
            <Form state on_submit=send action="Save sign-in settings" testid="submit-sign-in">
                <Checkbox state name="sign_in" label="Sign-in" value=sign_in>{text::ALLOW}</Checkbox>
                {move || view! {
                    <RadioCards state name="client_type" legend=text::TYPE value=client_type
                        choices=choices(is_set.get()) testid="client-type"/>
                }}
                <div hidden=move || client_type.with(|chosen| chosen == NOT_USED)>
                    <Checkbox state name="omit_iss" label=text::OMIT_ISS value=omit_iss>
                        {text::OMIT} <code>"iss"</code> {text::FROM_REDIRECTS}
                    </Checkbox>
                </div>
                <ClientId app/>
                <Callbacks app/>
                <ChangedMeanwhile state/>
            </Form>
        </section>
    }
}

/// Shows the number of callback URLs, since users can return only to a registered URL.
#[component]
fn Callbacks(app: Memo<AppView>) -> impl IntoView {
    let count = Memo::new(move |_| app.with(|app| app.settings.callback_urls.len()));
    // An App without sign-in needs no callback URL.
    let in_use = Memo::new(move |_| app.with(|app| app.settings.sign_in || app.settings.client_type.is_some()));
    let settings = Memo::new(move |_| format!("/apps/{}", app.with(|app| app.id)));
    move || match (count.get(), in_use.get()) {
        (0, true) => view! { <NoCallbacks tone=Tone::Warning settings/> }.into_any(),
        (0, false) => view! { <NoCallbacks tone=Tone::Neutral settings/> }.into_any(),
        (count, _) => view! { <CallbackCount count settings/> }.into_any(),
    }
}

#[component]
fn NoCallbacks(tone: Tone, settings: Memo<String>) -> impl IntoView {
    view! {
        <Notice tone title=text::NO_CALLBACKS testid="no-callbacks">
            <p>{text::NO_CALLBACKS_WHY} <a href=settings>"Settings"</a> "."</p>
        </Notice>
    }
}

#[component]
fn CallbackCount(count: usize, settings: Memo<String>) -> impl IntoView {
    let places = count_text(count, "registered callback URL", "registered callback URLs");
    view! { <p class="hint">"Users return to " {places} ". Change them in " <a href=settings>"Settings"</a> "."</p> }
}

/// Shows how many users have authorized the App.
#[component]
fn Users(id: AppId) -> impl IntoView {
    let client = use_client();
    let remote = Remote::new(move || client.find_app_users(id));
    view! {
        <Loaded remote skeleton=|| view! { <span class="skeleton skeleton-short" aria-hidden="true"></span> }.into_any()
            children=Box::new(move |users: Memo<AppUsers>| {
                let in_words = move || {
                    let count = users.get().count;
                    text::users(count, &number_text(count))
                };
                view! { <p class="hint" data-testid="app-users">{in_words}</p> }.into_any()
            })/>
    }
}

fn choices(is_set: bool) -> Vec<Choice> {
    let none = Choice::new(NOT_USED, "Not used").hint(text::NOT_USED);
    let kinds = ClientType::ALL.into_iter().map(|kind| Choice::new(kind.as_str(), kind.label()).hint(hint(kind)));
    (!is_set).then_some(none).into_iter().chain(kinds).collect()
}

fn hint(kind: ClientType) -> &'static str {
    match kind {
        ClientType::WebApp => text::WEB_APP,
        ClientType::AutomatedApp => text::AUTOMATED_APP,
        ClientType::NativeApp => text::NATIVE_APP,
        ClientType::SinglePageApp => text::SINGLE_PAGE_APP,
    }
}

fn value_of(kind: Option<ClientType>) -> &'static str {
    kind.map_or(NOT_USED, ClientType::as_str)
}

fn client_type_of(value: &str) -> Option<ClientType> {
    ClientType::ALL.into_iter().find(|kind| kind.as_str() == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_used_is_offered_only_while_no_client_type_is_set() {
        let values = |is_set| choices(is_set).into_iter().map(|choice| choice.value).collect::<Vec<_>>();
        assert_eq!(values(false).len(), 1 + ClientType::ALL.len());
        assert!(!values(true).contains(&NOT_USED.to_owned()));
    }

    #[test]
    fn a_client_type_survives_its_radio_card() {
        assert_eq!(client_type_of(value_of(None)), None);
        for kind in ClientType::ALL {
            assert_eq!(client_type_of(value_of(Some(kind))), Some(kind));
        }
    }
}
