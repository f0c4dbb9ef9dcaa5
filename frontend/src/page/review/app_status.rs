//! Changes the status of an App.

use super::text;
use crate::api::use_client;
use crate::form::{Choice, Form, FormState, SelectField, TextArea, submit};
use crate::state::{Remote, use_session};
use crate::ui::{Dialog, Tag, use_toasts};
use crate::widget::labels;
use gatehouse_shared::api::{Access, AppView, DeveloperAccountRecord, SetAppStatusRequest};
use gatehouse_shared::model::{AppId, AppStatus, DeveloperAccountId};
use gatehouse_shared::problem::FieldError;
use leptos::prelude::*;

const STATUSES: [(&str, AppStatus); 3] = [
    ("active", AppStatus::Active),
    ("write-restricted", AppStatus::WriteRestricted),
    ("suspended", AppStatus::Suspended),
];

/// An App of the developer account. The operator can change its status.
#[component]
pub fn ReviewAppRow(of: DeveloperAccountId, app: AppView, remote: Remote<DeveloperAccountRecord>) -> impl IntoView {
    let (label, tone) = labels::app_status(app.status);
    let (open, session) = (RwSignal::new(false), use_session());
    let (id, status) = (app.id, app.status);
    let name = app.settings.name.clone();
    let title = text::status_of(&name);
    view! {
        <li class="row" data-testid=format!("app-{}", app.id)>
            <div class="row-main">
                <p class="row-title"><a href=format!("/review/apps/{}", app.id)>{app.settings.name.clone()}</a> <Tag tone text=label/></p>
                <p class="hint">
                    {app.project.map_or(text::STANDALONE.to_owned(), |project| project.name)} " · " {app.settings.permission.label()} " · " <code>{app.id.to_string()}</code>
                </p>
                {(!app.status_reason.is_empty()).then(|| view! { <p class="quoted">{app.status_reason}</p> })}
            </div>
            {move || session.may(Access::Administrator).then(|| view! {
                <button type="button" class="button button-small" data-testid="set-status" aria-label=text::set_status_of(&name)
                    on:click=move |_| open.set(true)>{text::SET_STATUS}</button>
            })}
            <Dialog open id="status-dialog" title=title>
                <StatusForm of id status open remote/>
            </Dialog>
        </li>
    }
}

#[component]
fn StatusForm(
    of: DeveloperAccountId,
    id: AppId,
    status: AppStatus,
    open: RwSignal<bool>,
    remote: Remote<DeveloperAccountRecord>,
) -> impl IntoView {
    let (client, toasts) = (use_client(), use_toasts());
    let now = STATUSES.iter().find(|(_, known)| *known == status).map_or("active", |(value, _)| value);
    let chosen = RwSignal::new(now.to_owned());
    let reason = RwSignal::new(String::new());
    let request = move || {
        let status =
            chosen.with(|chosen| STATUSES.iter().find(|(value, _)| value == chosen).map(|(_, status)| *status));
        // A status that cannot be read is an error, never “Active”.
        let missing = || vec![FieldError::new("status", "required", text::STATUS_MISSING)];
        SetAppStatusRequest { status: status.ok_or_else(missing)?, reason: reason.get() }.check()
    };
    let state = FormState::new(request);
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok(()) };
        client.update_app_status(of, id, &request).await?;
        open.set(false);
        toasts.success(text::STATUS_SET);
        remote.reload();
        Ok(())
    });
    let choices: Vec<Choice> =
        STATUSES.iter().map(|(value, status)| Choice::new(value, labels::app_status(*status).0)).collect();
    view! {
        <p class="hint">{text::APP_STATUS_EFFECT}</p>
        <Form state on_submit=send action=text::SET_STATUS testid="confirm" on_cancel=Callback::new(move |()| open.set(false))>
            <SelectField state name="status" label=text::STATUS value=chosen choices/>
            <TextArea state name="reason" label=text::REASON value=reason most=1000 rows=3 hint=text::STATUS_REASON_HINT/>
        </Form>
    }
}
