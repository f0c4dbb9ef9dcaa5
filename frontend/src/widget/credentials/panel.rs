//! The card with the values of new credentials, and the notice that takes its place.

use super::download::download_env;
use super::sign_it::SignIt;
use super::text;
use super::try_it::TryIt;
use crate::state::{Leaving, Loss};
use crate::ui::{CopyButton, Icon, IconName, Notice, Tone, effect};
use gatehouse_shared::api::IssuedCredentials;
use leptos::{ev, html, prelude::*};

/// Shows new credentials with the means to save them. The leave guard asks before they are lost. Leaving the page drops
/// them, so that a page that Back restores shows none.
#[component]
pub fn CredentialsPanel(
    issued: RwSignal<Option<IssuedCredentials>>,
    app_name: String,
    app_id: String,
    /// Whether the App is in a Project, which decides which versions it may call.
    in_project: bool,
    /// The label of the last button.
    done: &'static str,
    on_done: Callback<()>,
) -> impl IntoView {
    let credentials = issued.get_untracked().unwrap_or_default();
    let rows = [
        ("api_key", "API Key", credentials.api_key.clone()),
        ("api_key_secret", "API Key Secret", credentials.api_key_secret.clone()),
        ("access_token", "Access Token", credentials.access_token.clone()),
        ("access_token_secret", "Access Token Secret", credentials.access_token_secret.clone()),
        ("bearer_token", "Bearer Token", credentials.bearer_token.clone()),
        ("client_id", "Client ID", credentials.client_id.clone()),
        ("client_secret", "Client Secret", credentials.client_secret.clone()),
    ];
    let token = credentials.bearer_token.clone();
    let can_sign = credentials.access_token.is_some();
    let file = StoredValue::new((app_name, app_id, credentials));
    let kept = StoredValue::new(false);
    let download = move |_| {
        if file.with_value(|(name, id, credentials)| download_env(name, id, credentials)) {
            kept.set_value(true);
        }
    };
    let is_kept = move || kept.try_get_value() != Some(false);
    expect_context::<Leaving>().watch(move || (!is_kept()).then_some(Loss::Credentials));
    let left = window_event_listener(ev::pagehide, move |_| issued.set(None));
    on_cleanup(move || left.remove());
    let panel: NodeRef<html::Section> = NodeRef::new();
    effect(move || {
        if panel.get().is_some() {
            request_animation_frame(move || {
                if let Some(panel) = panel.get_untracked() {
                    // The button that opened it is gone or far below.
                    let _ = panel.focus();
                }
                window().scroll_to_with_x_and_y(0.0, 0.0);
            });
        }
    });
    view! {
        <section class="card credentials" tabindex="-1" node_ref=panel aria-label="New credentials" data-testid="credentials">
            <Notice tone=Tone::Warning title=text::COPY_NOW>
                <p>{text::HOW}</p>
            </Notice>
            <dl class="secrets">
                {rows.into_iter().filter_map(|(key, label, value)| {
                    let value = value?;
                    Some(view! {
                        <div class="secret">
                            <dt>{label}</dt>
                            <dd>
                                <code class="secret-value" data-testid=key>{value.clone()}</code>
                                <CopyButton text=value what=label testid=format!("copy-{key}")/>
                            </dd>
                        </div>
                    })
                }).collect_view()}
            </dl>
            <div class="form-actions">
                <button type="button" class="button button-primary" data-testid="credentials-done" on:click=move |_| {
                    kept.set_value(true);
                    on_done.run(());
                }>{done}</button>
                <button type="button" class="button" data-testid="download-env" on:click=download>
                    <Icon name=IconName::Download/> "Download .env"
                </button>
            </div>
        </section>
        {token.map(|token| view! { <TryIt token in_project/> })}
        {can_sign.then(|| view! { <SignIt in_project/> })}
    }
}

/// Takes the place of credentials that were dropped.
#[component]
pub fn CredentialsGone(keys: String) -> impl IntoView {
    view! {
        <Notice tone=Tone::Info title=text::GONE testid="credentials-gone">
            <p>{text::GONE_WHY} <a href=keys>"Keys and tokens"</a> "."</p>
        </Notice>
    }
}
