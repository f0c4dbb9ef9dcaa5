use super::keys::ClientId;
use crate::api::use_client;
use crate::form::{Checkbox, Choice, Form, FormState, RadioCards, submit};
use crate::state::{Remote, use_toasts};
use crate::ui::{Loaded, Notice, Tone};
use crate::words;
use gatehouse_shared::api::{AppUsers, AppView, UpdateAppRequest};
use gatehouse_shared::model::{AppId, ClientType};
use leptos::prelude::*;

/// Stands for no client type; the API can set one but not take it away.
const NOT_USED: &str = "none";

/// Whether other users may let the App act for them, and where it runs.
#[component]
pub fn SignInSettings(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let before = app.with_untracked(|app| app.settings.clone());
    let sign_in = RwSignal::new(before.sign_in);
    let client_type = RwSignal::new(value_of(before.client_type).to_owned());
    let omit_iss = RwSignal::new(before.omit_iss);
    let state = FormState::without_rules();
    let send = submit(move || async move {
        let request = UpdateAppRequest {
            sign_in: Some(sign_in.get_untracked()),
            client_type: client_type_of(&client_type.get_untracked()),
            omit_iss: Some(omit_iss.get_untracked()),
            ..UpdateAppRequest::default()
        };
        remote.set(client.update_app(id, &request).await?);
        toasts.success("Sign-in saved.");
        Ok(())
    });
    let same = Signal::derive(move || {
        app.with(|AppView { settings, .. }| {
            settings.sign_in == sign_in.get()
                && client_type.with(|chosen| value_of(settings.client_type) == chosen)
                && settings.omit_iss == omit_iss.get()
        })
    });
    let is_set = Memo::new(move |_| app.with(|app| app.settings.client_type.is_some()));
    view! {
        <section class="card stack" aria-labelledby="sign-in-title">
            <h2 id="sign-in-title">"Sign in with your App"</h2>
            <Users id/>
            <Form state on_submit=send action="Save sign-in" testid="submit-sign-in" disabled=same>
                <Checkbox state name="sign_in" label="Sign-in" value=sign_in>
                    "Let other users sign in with this App and let it act for them"
                </Checkbox>
                {move || view! {
                    <RadioCards state name="client_type" legend="OAuth 2.0: where does your App run?" value=client_type
                        choices=choices(is_set.get()) testid="client-type"/>
                }}
                <div hidden=move || client_type.with(|chosen| chosen == NOT_USED)>
                    <Checkbox state name="omit_iss" label="iss in redirects" value=omit_iss>
                        "Leave " <code>"iss"</code> " out of the redirect, for clients that refuse it, such as Auth.js and NextAuth without an issuer"
                    </Checkbox>
                </div>
                <ClientId app/>
                <Callbacks app/>
            </Form>
        </section>
    }
}

/// Users can't be sent back to a place that is not registered.
#[component]
fn Callbacks(app: Memo<AppView>) -> impl IntoView {
    let count = Memo::new(move |_| app.with(|app| app.settings.callback_urls.len()));
    // Who does not use sign-in misses nothing.
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
        <Notice tone title="No callback URL is registered" testid="no-callbacks">
            <p>"With OAuth 1.0a users must type a PIN into your App, and OAuth 2.0 does not work at all. Register one on " <a href=settings>"Settings"</a> "."</p>
        </Notice>
    }
}

#[component]
fn CallbackCount(count: usize, settings: Memo<String>) -> impl IntoView {
    let places = words::count(count, "registered callback URL", "registered callback URLs");
    view! { <p class="hint">"Users come back to " {places} ", which you change on " <a href=settings>"Settings"</a> "."</p> }
}

/// How many people would notice a change.
#[component]
fn Users(id: AppId) -> impl IntoView {
    let client = use_client();
    let remote = Remote::new(move || client.find_app_users(id));
    view! {
        <Loaded remote skeleton=|| view! { <span class="skeleton skeleton-short" aria-hidden="true"></span> }.into_any()
            children=Box::new(move |users: Memo<AppUsers>| {
                let text = move || match users.get().count {
                    0 => "No user lets this App act for them yet.".to_owned(),
                    1 => "1 user lets this App act for them.".to_owned(),
                    many => format!("{} users let this App act for them.", words::number(many)),
                };
                view! { <p class="hint" data-testid="app-users">{text}</p> }.into_any()
            })/>
    }
}

fn choices(is_set: bool) -> Vec<Choice> {
    let none = Choice::new(NOT_USED, "Not used").hint("Users sign in with OAuth 1.0a only.");
    let kinds = ClientType::ALL.into_iter().map(|kind| Choice::new(kind.as_str(), kind.label()).hint(hint(kind)));
    (!is_set).then_some(none).into_iter().chain(kinds).collect()
}

fn hint(kind: ClientType) -> &'static str {
    match kind {
        ClientType::WebApp => "Confidential: keeps a Client Secret on a server.",
        ClientType::AutomatedApp => "Confidential: a bot or a job on machines of yours.",
        ClientType::NativeApp => "Public, without a secret: installed on people’s devices.",
        ClientType::SinglePageApp => "Public, without a secret: runs in the browser.",
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
