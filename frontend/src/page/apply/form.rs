//! The form of the developer application.

use super::text;
use crate::api::use_client;
use crate::form::{Checkbox, Choice, Form, FormState, SelectField, TextArea, TextField, submit};
use crate::state::{Remote, use_description, use_session};
use crate::ui::{OuterLink, use_toasts};
use gatehouse_shared::api::{ApplicationView, SubmitApplicationRequest};
use gatehouse_shared::model::{DeveloperApplication, Purpose};
use leptos::prelude::*;

#[component]
pub fn ApplicationForm(
    /// The last answers.
    #[prop(optional_no_strip)]
    before: Option<DeveloperApplication>,
    remote: Remote<ApplicationView>,
) -> impl IntoView {
    let (client, session, toasts, description) = (use_client(), use_session(), use_toasts(), use_description());
    let again = before.is_some();
    let before = before.unwrap_or(DeveloperApplication {
        use_case: String::new(),
        purpose: Purpose::Product,
        organization: String::new(),
        terms_accepted_at: Default::default(),
    });
    let use_case = RwSignal::new(before.use_case);
    let purpose = RwSignal::new(before.purpose.as_str().to_owned());
    let organization = RwSignal::new(before.organization);
    let accepts = RwSignal::new(false);
    let request = move || {
        SubmitApplicationRequest {
            use_case: use_case.get(),
            purpose: Purpose::ALL
                .into_iter()
                .find(|known| purpose.with(|chosen| known.as_str() == chosen))
                .unwrap_or(Purpose::Product),
            organization: organization.get(),
            accept_terms: accepts.get(),
        }
        .check(&description.rules())
    };
    let state = FormState::new(request);
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok(()) };
        let view = client.submit_application(untrack(|| session.developer_account_id()), &request).await?;
        remote.set(view);
        session.refresh(client);
        toasts.success(text::SENT);
        Ok(())
    });
    let choices: Vec<Choice> = Purpose::ALL.into_iter().map(|p| Choice::new(p.as_str(), p.label())).collect();
    let least = Signal::derive(move || description.rules().use_case_minimum);
    view! {
        <section class="card" aria-labelledby="form-title">
            <h2 id="form-title" class="card-title">{if again { text::FORM_AGAIN } else { text::FORM_FIRST }}</h2>
            <Form state on_submit=send action=if again { text::SEND_AGAIN } else { text::SEND_FIRST }>
                <TextArea state name="use_case" label=text::USE_CASE value=use_case least most=2000 rows=7
                    hint=text::USE_CASE_HINT/>
                <SelectField state name="purpose" label=text::PURPOSE value=purpose choices/>
                <TextField state name="organization" label=text::ORGANIZATION value=organization optional=true autocomplete="organization"
                    hint=text::ORGANIZATION_HINT/>
                <Checkbox state name="accept_terms" label=text::TERMS value=accepts>
                    {move || {
                        let url = description.with(|api| api.terms_url.clone()).unwrap_or_default();
                        if url.is_empty() {
                            text::NO_TERMS.into_any()
                        } else {
                            view! { {text::ACCEPT} <OuterLink href=url text=text::TERMS_OF_API/> "." }.into_any()
                        }
                    }}
                </Checkbox>
            </Form>
        </section>
    }
}
