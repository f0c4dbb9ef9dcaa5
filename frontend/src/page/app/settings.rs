//! Edits the settings of an App.

use super::delete_app::DeleteApp;
use super::facts::SettingsFacts;
use super::membership::Membership;
use super::saving::Saving;
use super::text::settings as text;
use super::transfer::Transfer;
use crate::form::{ChangedMeanwhile, Form, Line, SelectField, TextArea, TextField, UrlList};
use crate::state::{Remote, use_description, use_session};
use crate::widget::{environment_choices, environment_of};
use gatehouse_shared::api::{AppView, UpdateAppRequest};
use gatehouse_shared::model::{AppId, MemberRole};
use leptos::prelude::*;

#[component]
pub fn SettingsTab(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> impl IntoView {
    let session = use_session();
    let may = move |role| app.with(|app| session.has_role(app.developer_account_id, role));
    let may_change = Memo::new(move |_| may(MemberRole::Developer));
    let may_manage = Memo::new(move |_| may(MemberRole::Admin));
    view! {
        {move || if may_change.get() {
            view! { <SettingsForm id app remote/> <Membership id app remote/> }.into_any()
        } else {
            view! { <SettingsFacts app/> }.into_any()
        }}
        {move || may_manage.get().then(|| view! { <Transfer id app remote/> <DeleteApp id app/> })}
    }
}

/// The values of an App in the fields of the form, by field name.
fn shown(app: &AppView) -> Vec<(&'static str, String)> {
    let settings = &app.settings;
    let environment = app.environment.map(|environment| ("environment", environment.as_str().to_owned()));
    let texts = vec![
        ("name", settings.name.clone()),
        ("description", settings.description.clone()),
        ("website_url", settings.website_url.clone()),
        ("callback_urls", settings.callback_urls.join("\n")),
        ("terms_url", settings.terms_url.clone()),
        ("privacy_url", settings.privacy_url.clone()),
        ("organization_name", settings.organization_name.clone()),
        ("organization_url", settings.organization_url.clone()),
        ("use_case", settings.use_case.clone()),
    ];
    texts.into_iter().chain(environment).collect()
}

#[component]
fn SettingsForm(id: AppId, app: Memo<AppView>, remote: Remote<AppView>) -> impl IntoView {
    let rules = use_description();
    let before = app.get_untracked().settings;
    let name = RwSignal::new(before.name);
    let description = RwSignal::new(before.description);
    let website_url = RwSignal::new(before.website_url);
    let terms_url = RwSignal::new(before.terms_url);
    let privacy_url = RwSignal::new(before.privacy_url);
    let organization_name = RwSignal::new(before.organization_name);
    let organization_url = RwSignal::new(before.organization_url);
    let use_case = RwSignal::new(before.use_case);
    let callbacks = RwSignal::new(before.callback_urls.into_iter().map(Line::new).collect::<Vec<_>>());
    let environment = RwSignal::new(String::new());
    let in_project = Memo::new(move |_| app.with(|app| app.project.is_some()));
    let request = move || UpdateAppRequest {
        name: Some(name.get()),
        description: Some(description.get()),
        website_url: Some(website_url.get()),
        callback_urls: Some(callbacks.get().into_iter().map(|line| line.url.get()).collect()),
        terms_url: Some(terms_url.get()),
        privacy_url: Some(privacy_url.get()),
        organization_name: Some(organization_name.get()),
        organization_url: Some(organization_url.get()),
        use_case: Some(use_case.get()),
        environment: in_project.get().then(|| environment_of(&environment.get())),
        ..UpdateAppRequest::default()
    };
    let (state, send) = Saving { id, app, remote, shown, done: text::SAVED }.form(request);
    let least = Signal::derive(move || match use_case.with(|text| text.trim().is_empty()) {
        true => 0,
        false => rules.rules().use_case_minimum,
    });
    view! {
        <section class="card" aria-labelledby="settings-title">
            <h2 id="settings-title" class="card-title">{text::TITLE}</h2>
            <Form state on_submit=send action="Save changes">
                <TextField state name="name" label="Name" value=name most=32/>
                <TextField state name="description" label="Description" value=description most=200/>
                {move || in_project.get().then(|| {
                    // Only an App in a Project has an environment. Show the field again for each Project.
                    environment.set(app.with_untracked(|app| app.environment.unwrap_or_default().as_str().to_owned()));
                    on_cleanup(move || state.forget("environment"));
                    view! { <SelectField state name="environment" label="Environment" value=environment choices=environment_choices()/> }
                })}
                <TextField state name="website_url" label="Website" value=website_url kind="url" optional=true literal=true placeholder="https://example.com"/>
                <UrlList state name="callback_urls" legend="Callback URLs" lines=callbacks most=10 hint=text::CALLBACKS_HINT/>
                <TextArea state name="use_case" label="Use case" value=use_case least most=2000 optional=true rows=4/>
                <h3 class="form-section">{text::CONSENT_SECTION}</h3>
                <TextField state name="terms_url" label="Terms of service" value=terms_url kind="url" optional=true literal=true placeholder="https://example.com/terms"/>
                <TextField state name="privacy_url" label="Privacy policy" value=privacy_url kind="url" optional=true literal=true placeholder="https://example.com/privacy"/>
                <TextField state name="organization_name" label="Organization" value=organization_name optional=true autocomplete="organization"/>
                <TextField state name="organization_url" label="Organization website" value=organization_url kind="url" optional=true literal=true placeholder="https://example.org"/>
                <ChangedMeanwhile state/>
            </Form>
        </section>
    }
}
