//! Offers an App or a Project to another developer account, or shows the open offer.

use crate::form::{Form, FormState, Submit, TextField};
use crate::ui::{Date, Dialog, Notice, Tone};
use gatehouse_shared::api::OfferedTransfer;
use gatehouse_shared::model::DeveloperAccountId;
use gatehouse_shared::problem::FieldError;
use leptos::prelude::*;

/// What is offered, and how. The page makes the calls.
#[derive(Clone, Copy)]
pub struct Offering {
    /// `App` or `Project`.
    pub what: &'static str,
    /// The name of the developer account that has it.
    pub giver: Signal<String>,
    pub offered: Memo<Option<OfferedTransfer>>,
    /// The id of the receiver, as typed.
    pub receiver: RwSignal<String>,
    pub is_open: RwSignal<bool>,
}

impl Offering {
    pub fn new(what: &'static str, giver: Signal<String>, offered: Memo<Option<OfferedTransfer>>) -> Self {
        Self { what, giver, offered, receiver: RwSignal::new(String::new()), is_open: RwSignal::new(false) }
    }

    /// Reads the id of the receiver.
    pub fn read(self) -> Result<DeveloperAccountId, Vec<FieldError>> {
        let missing = |_| vec![FieldError::new("developer_account_id", "not-an-id", text::NOT_AN_ID)];
        self.receiver.with(|id| id.trim().parse().map_err(missing))
    }
}

#[component]
pub fn TransferCard(
    offering: Offering,
    offer: Submit,
    withdraw: Callback<()>,
    #[prop(into)] is_withdrawing: Signal<bool>,
) -> impl IntoView {
    let Offering { what, offered, is_open, .. } = offering;
    view! {
        <section class="card card-danger" aria-labelledby="transfer-title">
            <div class="card-head">
                <div>
                    <h2 id="transfer-title">{text::title(what)}</h2>
                    <p class="hint">{text::lead(what)}</p>
                </div>
                {move || offered.with(Option::is_none).then(|| view! {
                    <button type="button" class="button" data-testid="offer" on:click=move |_| is_open.set(true)>{text::OFFER}</button>
                })}
            </div>
            {move || offered.get().map(|offered| view! { <OpenOffer offered withdraw is_withdrawing/> })}
        </section>
        <Dialog open=is_open id="transfer-dialog" title=text::title(what)>
            <OfferForm offering offer=offer.clone()/>
        </Dialog>
    }
}

#[component]
fn OpenOffer(offered: OfferedTransfer, withdraw: Callback<()>, is_withdrawing: Signal<bool>) -> impl IntoView {
    view! {
        <div class="split transfer-open" data-testid="open-offer">
            <p>
                {text::offered_to(&offered.offered_by, &offered.name)}
                <span class="hint">" " {text::EXPIRES} <Date at=offered.expires_at/> "."</span>
            </p>
            <button type="button" class="button button-small" data-testid="withdraw" disabled=move || is_withdrawing.get()
                on:click=move |_| withdraw.run(())>{text::WITHDRAW}</button>
        </div>
    }
}

/// Says what ends before it asks to whom it goes.
#[component]
fn OfferForm(offering: Offering, offer: Submit) -> impl IntoView {
    let Offering { what, giver, receiver, is_open, .. } = offering;
    let state = FormState::new(move || offering.read());
    view! {
        <Form state on_submit=offer action=text::OFFER testid="confirm" on_cancel=Callback::new(move |()| is_open.set(false))>
            <p>{text::STAYS}</p>
            <Notice tone=Tone::Warning title=text::ENDS_TITLE>
                <ul>
                    <li>{move || text::leaves(what, &giver.get())}</li>
                    <li>{move || text::tokens_end(&giver.get())}</li>
                    <li>{text::LIMITS}</li>
                </ul>
            </Notice>
            <TextField state name="developer_account_id" label=text::RECEIVER hint=text::RECEIVER_HINT value=receiver literal=true/>
        </Form>
    }
}

mod text {
    pub const OFFER: &str = "Offer transfer";
    pub const WITHDRAW: &str = "Take the offer back";
    /// Before a date.
    pub const EXPIRES: &str = "Can be accepted until ";
    pub const STAYS: &str = "Its keys, its settings, and what users authorized stay the same.";
    pub const ENDS_TITLE: &str = "When the offer is accepted";
    pub const LIMITS: &str = "The limits of the receiver’s plan apply.";
    pub const RECEIVER: &str = "ID of the receiving developer account";
    pub const RECEIVER_HINT: &str =
        "Its members see the ID on their dashboard. One of its Admins or Owners accepts within 7 days.";
    pub const NOT_AN_ID: &str = "Enter the developer account ID that the receiver’s dashboard shows.";

    pub fn title(what: &str) -> String {
        format!("Transfer this {what}")
    }

    pub fn lead(what: &str) -> String {
        match what {
            "Project" => {
                "Hand it over to another developer account, with its Apps. Their keys stay the same.".to_owned()
            }
            _ => "Hand it over to another developer account. Its keys stay the same.".to_owned(),
        }
    }

    pub fn leaves(what: &str, giver: &str) -> String {
        match what {
            "Project" => {
                format!("The Project and its Apps leave {giver}. Members of {giver} can no longer open them.")
            }
            _ => format!(
                "The App leaves {giver}. If it is in a Project, it leaves that too. Members of {giver} can no longer open it."
            ),
        }
    }

    pub fn tokens_end(giver: &str) -> String {
        format!("Access Tokens that members of {giver} generated for themselves stop working.")
    }

    pub fn offered_to(by: &str, name: &str) -> String {
        format!("{by} offered it to {name}.")
    }
}
