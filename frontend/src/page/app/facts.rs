//! Shows the settings of an App to members who may not change them.

use super::text::{permissions, settings, sign_in};
use crate::ui::Facts;
use crate::widget::RoleNote;
use gatehouse_shared::api::AppView;
use gatehouse_shared::model::Environment;
use leptos::prelude::*;

#[component]
pub fn SettingsFacts(app: Memo<AppView>) -> impl IntoView {
    view! {
        <RoleNote of=Signal::derive(move || app.with(|app| app.developer_account_id))/>
        <section class="card" aria-labelledby="settings-title" data-testid="settings-facts">
            <h2 id="settings-title" class="card-title">{settings::TITLE}</h2>
            {move || view! { <Facts rows=app.with(setting_rows)/> }}
        </section>
    }
}

fn setting_rows(app: &AppView) -> Vec<(&'static str, String)> {
    let settings = app.settings.clone();
    vec![
        ("Name", settings.name),
        ("Description", settings.description),
        ("Project", app.project.as_ref().map(|project| project.name.clone()).unwrap_or_default()),
        ("Environment", app.environment.map(Environment::label).unwrap_or_default().to_owned()),
        ("Website", settings.website_url),
        ("Callback URLs", settings.callback_urls.join("\n")),
        ("Use case", settings.use_case),
        ("Terms of service", settings.terms_url),
        ("Privacy policy", settings.privacy_url),
        ("Organization", settings.organization_name),
        ("Organization website", settings.organization_url),
    ]
}

#[component]
pub fn PermissionFacts(app: Memo<AppView>) -> impl IntoView {
    view! {
        <RoleNote of=Signal::derive(move || app.with(|app| app.developer_account_id))/>
        <section class="card" aria-labelledby="permissions-title" data-testid="permission-facts">
            <h2 id="permissions-title" class="card-title">{permissions::TITLE}</h2>
            {move || view! { <Facts rows=app.with(permission_rows)/> }}
        </section>
    }
}

fn permission_rows(app: &AppView) -> Vec<(&'static str, String)> {
    let settings = &app.settings;
    let client_type = settings.client_type.map_or(sign_in::NO_CLIENT, |kind| kind.label());
    vec![
        ("Permission", settings.permission.label().to_owned()),
        (sign_in::TITLE, if settings.sign_in { sign_in::ON } else { sign_in::OFF }.to_owned()),
        (sign_in::TYPE, client_type.to_owned()),
        ("Client ID", app.client_id.clone().unwrap_or_default()),
    ]
}
