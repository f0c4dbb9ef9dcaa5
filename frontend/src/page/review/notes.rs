//! Notes about an account or a developer account, for operators alone.

use super::text;
use crate::api::{Failure, use_client};
use crate::form::{Form, FormState, TextArea, submit};
use crate::ui::Moment;
use gatehouse_shared::api::{CreateNoteRequest, NoteView};
use gatehouse_shared::model::{AccountId, DeveloperAccountId};
use leptos::prelude::*;

/// What a note is about.
#[derive(Clone, Copy)]
pub enum About {
    Account(AccountId),
    DeveloperAccount(DeveloperAccountId),
}

/// The notes, newest first, with a form for another one.
#[component]
pub fn Notes(
    about: About,
    #[prop(into)] notes: Signal<Vec<NoteView>>,
    /// Loads the notes again.
    reload: Callback<()>,
) -> impl IntoView {
    let client = use_client();
    let typed = RwSignal::new(String::new());
    let request = move || CreateNoteRequest { text: typed.get() }.check();
    let state = FormState::new(request);
    let send = submit(move || async move {
        let Ok(request) = untrack(request) else { return Ok::<(), Failure>(()) };
        match about {
            About::Account(id) => client.create_account_note(id, &request).await?,
            About::DeveloperAccount(id) => client.create_developer_account_note(id, &request).await?,
        };
        typed.set(String::new());
        state.restart(&[("text", String::new())]);
        reload.run(());
        Ok(())
    });
    view! {
        <section class="card" aria-labelledby="notes-title" data-testid="notes">
            <h2 id="notes-title" class="card-title">{text::NOTES}</h2>
            {move || notes.get().into_iter().map(|note| view! {
                <div class="note">
                    <p class="prose">{note.text}</p>
                    <p class="hint">{note.by} " · " <Moment at=note.at/></p>
                </div>
            }).collect_view()}
            <Form state on_submit=send action=text::ADD_NOTE testid="add-note">
                <TextArea state name="text" label=text::NOTE value=typed most=2000 rows=2 hint=text::NOTE_HINT/>
            </Form>
        </section>
    }
}
