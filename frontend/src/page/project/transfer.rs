//! Offers a Project with its Apps to another developer account.

use super::text;
use crate::api::{Failure, use_client};
use crate::form::submit;
use crate::state::{Remote, Task, use_session};
use crate::ui::use_toasts;
use crate::widget::{Offering, TransferCard};
use gatehouse_shared::api::{OfferTransferRequest, ProjectView};
use gatehouse_shared::model::ProjectId;
use leptos::prelude::*;

#[component]
pub fn Transfer(id: ProjectId, project: Memo<ProjectView>, remote: Remote<ProjectView>) -> impl IntoView {
    let (client, session, toasts, task) = (use_client(), use_session(), use_toasts(), Task::new());
    let giver = Signal::derive(move || {
        let giver = session.membership(project.with(|project| project.developer_account_id));
        giver.map(|giver| giver.name).unwrap_or_default()
    });
    let offering =
        Offering::new("Project", giver, Memo::new(move |_| project.with(|project| project.transfer.clone())));
    let offer = submit(move || async move {
        let developer_account_id = untrack(|| offering.read()).map_err(Failure::Invalid)?;
        remote.set(client.create_project_transfer(id, &OfferTransferRequest { developer_account_id }).await?);
        offering.is_open.set(false);
        toasts.success(text::OFFERED);
        Ok(())
    });
    let withdraw = Callback::new(move |()| {
        task.run(async move {
            remote.set(client.delete_project_transfer(id).await?);
            toasts.success(text::WITHDRAWN);
            Ok(())
        });
    });
    view! { <TransferCard offering offer withdraw is_withdrawing=Signal::derive(move || task.is_pending())/> }
}
