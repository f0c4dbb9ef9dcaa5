use crate::api::use_client;
use crate::form::{Form, FormState, submit};
use crate::page::credentials::CredentialsPanel;
use crate::state::{Remote, use_toasts};
use crate::ui::{CodeBlock, Date, Dialog};
use gatehouse_shared::api::{AppView, CredentialKind, CredentialView, IssuedCredentials};
use gatehouse_shared::model::AppId;
use leptos::prelude::*;

#[component]
pub fn KeysTab(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> impl IntoView {
    let issued: RwSignal<Option<IssuedCredentials>> = RwSignal::new(None);
    view! {
        {move || issued.get().map(|credentials| {
            let app = app.get_untracked();
            view! {
                <CredentialsPanel credentials app_name=app.settings.name app_id=app.id.to_string() in_project=app.project.is_some()
                    done="Done" on_done=Callback::new(move |()| issued.set(None))/>
            }
        })}
        <section class="card card-list" aria-labelledby="keys-title">
            <div class="card-head">
                <div>
                    <h2 id="keys-title">"Keys and tokens"</h2>
                    <p class="hint">"Shown in full only once, when they are made. Here you see how they end."</p>
                </div>
            </div>
            <ul class="rows">
                <CredentialRow id app remote issued kind=CredentialKind::ApiKey testid="regenerate-api-key"
                    what="Identifies your App when it asks for access on somebody’s behalf, or for a Bearer Token."/>
                <CredentialRow id app remote issued kind=CredentialKind::BearerToken testid="regenerate-bearer-token"
                    what="Calls the API as the App itself, without a user."/>
            </ul>
        </section>
        <section class="card" aria-labelledby="use-title">
            <h2 id="use-title" class="card-title">"Get the Bearer Token with the API Key"</h2>
            <p class="hint">"The same token every time, until you regenerate it."</p>
            <CodeBlock what="token request" code=token_request()/>
        </section>
    }
}

fn token_request() -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("curl -u \"$API_KEY:$API_KEY_SECRET\" \\\n  -d grant_type=client_credentials \\\n  {origin}/oauth2/token")
}

#[component]
fn CredentialRow(
    id: AppId,
    app: Memo<AppView>,
    remote: Remote<AppView>,
    issued: RwSignal<Option<IssuedCredentials>>,
    kind: CredentialKind,
    testid: &'static str,
    what: &'static str,
) -> impl IntoView {
    let credential = Memo::new(move |_| app.with(|app| app.credentials.iter().find(|c| c.kind == kind).cloned()));
    let open = RwSignal::new(false);
    view! {
        <li class="row" data-testid=format!("credential-{}", kind.as_str())>
            <div class="row-main">
                <p class="row-title">{kind.label()}</p>
                <p class="hint">{what}</p>
                <p class="row-facts">
                    {move || match credential.get() {
                        Some(CredentialView { hint, created_at, .. }) => view! {
                            <code aria-label=format!("ends in {hint}")>"••••" {hint.clone()}</code>
                            <span class="hint">"Made " <Date at=created_at/></span>
                        }.into_any(),
                        None => view! { <span class="hint">"None. Regenerate makes one."</span> }.into_any(),
                    }}
                </p>
            </div>
            <button type="button" class="button" data-testid=testid on:click=move |_| open.set(true)
                aria-label=format!("Regenerate {}", kind.label())>"Regenerate"</button>
            <RegenerateDialog id app kind remote issued open/>
        </li>
    }
}

#[component]
fn RegenerateDialog(
    id: AppId,
    app: Memo<AppView>,
    kind: CredentialKind,
    remote: Remote<AppView>,
    issued: RwSignal<Option<IssuedCredentials>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let state = FormState::without_rules();
    let send = StoredValue::new(submit(move || async move {
        let credentials = client.regenerate_credential(id, kind).await?;
        open.set(false);
        issued.set(Some(credentials));
        toasts.success(format!("{} regenerated.", kind.label()));
        remote.reload();
        window().scroll_to_with_x_and_y(0.0, 0.0);
        Ok(())
    }));
    let (dialog_id, old) = match kind {
        CredentialKind::ApiKey => ("regenerate-api-key-dialog", "The old API Key and Secret stop working at once."),
        CredentialKind::BearerToken => {
            ("regenerate-bearer-token-dialog", "The old Bearer Token stops working at once.")
        }
    };
    view! {
        <Dialog open id=dialog_id title=format!("Regenerate the {}?", kind.label())>
            <Form state on_submit=send.get_value() action="Regenerate" danger=true testid="confirm"
                on_cancel=Callback::new(move |()| open.set(false))>
                <p>{old} " Whatever uses it as " <strong>{move || app.with(|app| app.settings.name.clone())}</strong> " is refused until you give it the new one."</p>
                <p>"The new one is shown once, right after this."</p>
            </Form>
        </Dialog>
    }
}
